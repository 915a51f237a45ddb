// The edge; not connected yet.
export {};
