/** A database with the tables and indexes of the notebook and none of its rows. */
export interface StructureCopy {
	/** The bytes of a SQLite file. */
	readonly file: Uint8Array<ArrayBuffer>;
	readonly schemaVersion: number;
	/** Names of the tables and indexes that the app makes. */
	readonly names: readonly string[];
	/** Parts that the notebook should have and has not, by their names in the app. */
	readonly missing: readonly string[];
	/** Parts that are not as the app makes them; left out, since anything may stand in them. */
	readonly changed: readonly string[];
	/** How many parts somebody else added; their names are theirs. */
	readonly strangers: number;
}
