/** A short message that floats. Nothing that must be read is said here alone. */
export interface Toast {
	readonly id: string;
	readonly message: string;
	readonly tone: 'neutral' | 'failing';
	/** One way out, such as Undo. */
	readonly action: { readonly label: string; readonly run: () => void } | null;
}
