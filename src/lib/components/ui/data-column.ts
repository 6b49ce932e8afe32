export type CellValue = string | number | null;

/** A column of DataTable. `value` decides the order, `text` what is read. */
export interface DataColumn<Row> {
	readonly key: string;
	readonly label: string;
	readonly value: (row: Row) => CellValue;
	/** Without it the value itself is shown. */
	readonly text?: (row: Row) => string;
	/** Hover text of the cell. */
	readonly title?: (row: Row) => string;
	/** Numbers go to the right. */
	readonly numeric?: boolean;
	/** A few letters that are read as one: never broken over lines. */
	readonly short?: boolean;
	/** Hashes and names of files. */
	readonly mono?: boolean;
	/** The table's `cell` snippet draws this column. */
	readonly custom?: boolean;
	readonly unsortable?: boolean;
}

/** The column that rows are ordered by. */
export interface DataOrder {
	readonly key: string;
	readonly descending: boolean;
}

/** Ascending order of cell values: empty ones last, text as a reader orders it. */
export const compareCells = (a: CellValue, b: CellValue): number => {
	if (a === b) return 0;
	if (a === null) return 1;
	if (b === null) return -1;
	if (typeof a === 'number' && typeof b === 'number') return a - b;
	return String(a).localeCompare(String(b), undefined, { numeric: true, sensitivity: 'base' });
};
