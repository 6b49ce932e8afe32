const sectorBytes = 512;

export interface Change {
	readonly at: number;
	/** Null for a truncation to `at`. */
	readonly bytes: Uint8Array | null;
}

/** A file at one moment: what is safe, and what a cut may take. */
export interface FileImage {
	readonly durable: Uint8Array<ArrayBuffer>;
	readonly pending: readonly Change[];
	readonly modifiedAt: number;
}

/** One file of the fake disk. */
export class FakeFile {
	now = new Uint8Array(0);
	durable = new Uint8Array(0);
	pending: Change[] = [];
	isTaken = false;
	modifiedAt = 0;
	private kept: FileImage | null = null;

	static from({ durable, pending, modifiedAt }: FileImage): FakeFile {
		const file = new FakeFile();
		file.durable = durable.slice();
		file.now = durable.slice();
		for (const change of pending) file.apply(change);
		file.modifiedAt = modifiedAt;
		return file;
	}

	/** As it is at this moment; the same object as long as nothing was written. */
	image(): FileImage {
		const { durable, pending, modifiedAt } = this;
		return (this.kept ??= { durable, pending: [...pending], modifiedAt });
	}

	apply(change: Change): void {
		this.kept = null;
		this.now = applyTo(this.now, change);
		this.pending.push(change);
		this.modifiedAt += 1;
	}

	flush(): void {
		if (this.pending.length === 0) return;
		this.kept = null;
		this.durable = this.now.slice();
		this.pending = [];
	}

	/** What is left of it after a cut. */
	lose(random: () => number): void {
		this.kept = null;
		this.durable = this.durable.slice();
		for (const { at, bytes } of this.pending) {
			if (bytes === null) {
				if (random() < 0.5) this.durable = applyTo(this.durable, { at, bytes });
				continue;
			}
			for (let from = 0; from < bytes.length; from += sectorBytes) {
				const sector = bytes.slice(from, from + sectorBytes);
				if (random() < 0.5) this.durable = applyTo(this.durable, { at: at + from, bytes: sector });
			}
		}
		this.pending = [];
		this.now = this.durable.slice();
		this.isTaken = false;
	}
}

const applyTo = (
	content: Uint8Array<ArrayBuffer>,
	{ at, bytes }: Change
): Uint8Array<ArrayBuffer> => {
	const size = bytes === null ? at : Math.max(content.length, at + bytes.length);
	if (bytes !== null && size === content.length) {
		content.set(bytes, at);
		return content;
	}
	const next = resize(content, size);
	if (bytes !== null) next.set(bytes, at);
	return next;
};

/** With room to spare, so that a file that grows page by page is not copied each time. */
const resize = (content: Uint8Array<ArrayBuffer>, size: number): Uint8Array<ArrayBuffer> => {
	const isRoomy = size <= content.buffer.byteLength;
	const next = isRoomy
		? new Uint8Array(content.buffer, 0, size)
		: new Uint8Array(new ArrayBuffer(size * 2), 0, size);
	if (!isRoomy) next.set(content);
	// What was cut off before must not come back.
	if (size > content.length) next.fill(0, content.length);
	return next;
};
