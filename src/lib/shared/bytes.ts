export const kibibyte = 1024;
export const mebibyte = 1024 * kibibyte;

const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** `1.4 MB`: decimal units, as file managers show them. */
export const formatBytes = (bytes: number): string => {
	if (bytes < 1000) return `${Math.round(bytes)} B`;
	const power = Math.min(Math.floor(Math.log10(bytes) / 3), units.length - 1);
	const value = bytes / 1000 ** power;
	return `${value.toFixed(value < 10 ? 1 : 0)} ${units[power] ?? 'B'}`;
};

const hexOfByte = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

export const toHex = (bytes: Uint8Array): string => {
	let hex = '';
	for (const byte of bytes) hex += hexOfByte[byte] ?? '';
	return hex;
};
