/** Which set of vectors: the one that answers searches, or the one of the model that is to come. */
export type VectorSlot = 'active' | 'next';

/** The vectors of one model in the notebook. Several may lie side by side. */
export interface VectorSet {
	readonly versionKey: string;
	readonly modelId: string;
	readonly vectors: number;
	readonly bytes: number;
	/** `kept`: neither answers nor is being made; it stays until the user removes it. */
	readonly role: VectorSlot | 'kept';
}
