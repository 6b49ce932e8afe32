const maxCell = 60;

/** Columns side by side, headings on top; `none` in words when there are no rows. */
export const table = (
	headings: readonly string[],
	rows: readonly (readonly string[])[],
	none = 'None.'
): string => {
	if (rows.length === 0) return none;
	const lines = [headings, ...rows].map((row) => row.map(toCell));
	const widths = headings.map((_, column) =>
		Math.max(...lines.map((line) => [...(line[column] ?? '')].length))
	);
	return lines.map((line) => toLine(line, widths)).join('\n');
};

const toLine = (cells: readonly string[], widths: readonly number[]): string =>
	cells
		.map((cell, column) => cell + ' '.repeat(Math.max((widths[column] ?? 0) - [...cell].length, 0)))
		.join('  ')
		.trimEnd();

const toCell = (text: string): string => {
	const letters = [...text.replace(/\s+/g, ' ')];
	return letters.length > maxCell ? `${letters.slice(0, maxCell - 1).join('')}…` : letters.join('');
};

/** `1 note`, `2 notes`. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
	`${count.toLocaleString('en')} ${count === 1 ? one : many}`;

/** `0.3 ms`, `40 ms`, `1.4 s`, `2 min 5 s`. */
export const formatDuration = (durationMs: number): string => {
	if (durationMs < 10) return `${durationMs.toFixed(1)} ms`;
	if (durationMs < 1_000) return `${Math.round(durationMs)} ms`;
	if (durationMs < 60_000) return `${(durationMs / 1_000).toFixed(1)} s`;
	const seconds = Math.round(durationMs / 1_000);
	return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
};
