/** Hands a file to the browser's downloads. There is no sign of when, or whether, it was kept. */
export const saveFile = (blob: Blob, fileName: string): void => {
	const url = URL.createObjectURL(blob);
	const link = document.createElement('a');
	link.href = url;
	link.download = fileName;
	link.click();
	// The download holds its own reference once started; a minute is ample.
	setTimeout(() => URL.revokeObjectURL(url), 60_000);
};
