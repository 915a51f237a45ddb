// Size limits of formats that are read into memory.

/** Most bytes of a workbook, packed and unpacked. */
export const maxPacked = 20 * 1024 * 1024;
export const maxUnpacked = 200 * 1024 * 1024;

/** Most bytes of a JSON document. */
export const maxJson = 64 * 1024 * 1024;
