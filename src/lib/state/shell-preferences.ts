const prefix = 'ai-notes:ui:';

/** Small choices of look, kept per browser. Storage that is refused only forgets them. */
export const readPreference = (key: string): string | null => {
	try {
		return localStorage.getItem(prefix + key);
	} catch {
		return null;
	}
};

export const writePreference = (key: string, value: string): void => {
	try {
		localStorage.setItem(prefix + key, value);
	} catch {
		// The choice holds until the page is left.
	}
};
