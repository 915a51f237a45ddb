// Largest manifests of the formats that are held whole while they are read.

/** Bytes of a workbook, and of what is packed in it. */
export const maxPacked = 20 * 1024 * 1024;
export const maxUnpacked = 200 * 1024 * 1024;

/** Bytes of a JSON document. */
export const maxJson = 64 * 1024 * 1024;
