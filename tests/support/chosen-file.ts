import type { ChosenFile } from '$lib/domain/import';

export const aDay = Date.UTC(2026, 3, 5, 6, 7, 8);

/** A file as the page hands it over: text is written as UTF-8. */
export const aChosenFile = (path: string, content: BlobPart = ''): ChosenFile => ({
	path,
	file: new File([content], path.slice(path.lastIndexOf('/') + 1), { lastModified: aDay })
});
