import { AppError } from '$lib/shared/app-error';
import { mebibyte } from '$lib/shared/bytes';
import { blobStream, peek, type Bytes, type ByteStream } from '$lib/db/opfs/byte-stream';
import { locked } from '$lib/db/encryption/vault';
import { longestHeader, type Age, type Secret } from '$lib/db/encryption/age';

/** Around the database: nothing, gzip, age, or one in the other. */
export interface Peeling {
	readonly age: Age;
	readonly name: string;
	/** What may open it. Empty: an encrypted file is `backup-locked`. */
	readonly secrets: readonly Secret[];
}

const mostLayers = 3;
const ageMagic = 'age-encryption.org/v1\n';
const armourMagic = '-----BEGIN AGE ENCRYPTED FILE-----';
/** RELIABILITY.md 7: real bytes count, not what a header says. */
const largestBytes = 2 * 1024 * mebibyte;
const largestRatio = 100;
const smallBytes = 64 * mebibyte;

export const isEncrypted = async (blob: Blob): Promise<boolean> =>
	layerOf(new Uint8Array(await blob.slice(0, 64).arrayBuffer())) === 'age';

/** What an encrypted file asks for, as its header says. */
export const neededSecret = async (blob: Blob): Promise<'passphrase' | 'recovery-key'> =>
	neededFor(new TextDecoder('latin1').decode(await blob.slice(0, longestHeader).arrayBuffer()));

/** Whether the file is a database as it lies there, or something is wrapped around it. */
export const isWrapped = async (blob: Blob): Promise<boolean> =>
	layerOf(new Uint8Array(await blob.slice(0, 64).arrayBuffer())) !== null;

/** The bytes inside, a slice at a time. Damage behind the header shows while reading. */
export const peelFile = async (blob: Blob, peeling: Peeling): Promise<ByteStream> => {
	const mostBytes = Math.min(largestBytes, Math.max(blob.size * largestRatio, smallBytes));
	let stream = blobStream(blob);
	for (let layers = 0; ; layers += 1) {
		const first = await peek(stream, longestHeader);
		const layer = layerOf(first.head);
		if (layer === null) return first.stream;
		if (layers >= mostLayers) {
			throw invalid(peeling.name, 'is wrapped more often than any backup is');
		}
		stream = limit(await open(layer, first, peeling), mostBytes, peeling.name);
	}
};

type Layer = 'age' | 'armour' | 'gzip';

const layerOf = (head: Bytes): Layer | null => {
	if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip';
	const text = String.fromCharCode(...head.subarray(0, 40));
	if (text.startsWith(ageMagic)) return 'age';
	return text.startsWith(armourMagic) ? 'armour' : null;
};

const open = async (
	layer: Layer,
	{ head, stream }: { readonly head: Bytes; readonly stream: ByteStream },
	{ age, name, secrets }: Peeling
): Promise<ByteStream> => {
	switch (layer) {
		case 'gzip':
			return watchInflation(stream.pipeThrough(new DecompressionStream('gzip')), name);
		case 'armour':
			throw invalid(name, 'is encrypted as text; turn it into a binary file with “age” first');
		case 'age': {
			const header = new TextDecoder('latin1').decode(head);
			if (secrets.length === 0) throw locked(neededFor(header), `${name} is encrypted`, name);
			return age.open(stream, secrets, name);
		}
	}
};

const neededFor = (header: string): 'passphrase' | 'recovery-key' =>
	header.includes('\n-> scrypt ') ? 'passphrase' : 'recovery-key';

const invalid = (name: string, what: string, cause?: unknown): AppError =>
	new AppError('backup-invalid', `${name} ${what}.`, { file: name }, { cause });

/** Browsers end a broken gzip with a bare TypeError. */
const watchInflation = (stream: ByteStream, name: string): ByteStream => {
	const reader = stream.getReader();
	return new ReadableStream<Bytes>(
		{
			async pull(controller) {
				try {
					const { done, value } = await reader.read();
					if (done) controller.close();
					else controller.enqueue(value);
				} catch (thrown) {
					if (!(thrown instanceof TypeError)) throw thrown;
					throw invalid(name, 'is damaged or cut off: it cannot be unpacked', thrown);
				}
			},
			cancel: async (reason) => reader.cancel(reason)
		},
		{ highWaterMark: 0 }
	);
};

const limit = (stream: ByteStream, mostBytes: number, name: string): ByteStream => {
	let size = 0;
	const through = new TransformStream<Bytes, Bytes>({
		transform(bytes, controller) {
			size += bytes.byteLength;
			if (size > mostBytes) {
				throw new AppError('input-too-large', `${name} unpacks to more than a backup can be.`);
			}
			controller.enqueue(bytes);
		}
	});
	return stream.pipeThrough(through);
};
