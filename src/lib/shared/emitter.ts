/** One kind of announcement with any number of listeners. A listener that throws does not stop the others. */
export interface Emitter<T> {
	/** Returns the function that ends the subscription. */
	subscribe(listener: (value: T) => void): () => void;
	emit(value: T): void;
}

export const createEmitter = <T>(): Emitter<T> => {
	const listeners = new Set<(value: T) => void>();
	return {
		subscribe(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		emit(value) {
			for (const listener of [...listeners]) {
				try {
					listener(value);
				} catch (error) {
					reportError(error);
				}
			}
		}
	};
};
