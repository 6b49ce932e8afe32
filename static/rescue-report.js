// What somebody who helps needs to know, gathered without the app. No note, title, search or setting is in it.

const newestLines = 2_000;

/** What the part says, or why it cannot be told: one failing part never takes the others along. */
const told = async (read) => {
	try {
		return await read();
	} catch (error) {
		return { notAvailable: error?.name ?? 'unknown' };
	}
};

const readJson = async (path) => {
	const response = await fetch(path);
	if (!response.ok) throw new DOMException('', `HTTP ${response.status}`);
	return response.json();
};

const browser = async () => ({
	userAgent: navigator.userAgent,
	languages: navigator.languages.length,
	cores: navigator.hardwareConcurrency,
	memoryGb: navigator.deviceMemory ?? null,
	online: navigator.onLine,
	secure: isSecureContext,
	isolated: crossOriginIsolated,
	webgpu: 'gpu' in navigator,
	screen: `${innerWidth}x${innerHeight}@${devicePixelRatio}`
});

const storage = async () => ({
	...(await navigator.storage.estimate()),
	persisted: await navigator.storage.persisted()
});

/** Figures of a SQLite file's first 100 bytes; see sqlite.org/fileformat.html. */
const headerOf = async ({ file, offset, what }) => {
	if (!file || !/database/.test(what)) return {};
	const head = new DataView(await file.slice(offset, offset + 100).arrayBuffer());
	if (head.byteLength < 100) return {};
	return {
		pageSize: head.getUint16(16) === 1 ? 65_536 : head.getUint16(16),
		pages: head.getUint32(28),
		freePages: head.getUint32(36),
		schemaVersion: head.getUint32(60),
		applicationId: head.getUint32(68),
		writtenBy: head.getUint32(96)
	};
};

const describeFile = async (entry) => ({
	path: entry.path,
	what: entry.what,
	bytes: entry.file?.size ?? null,
	changed: entry.file ? new Date(entry.file.lastModified).toISOString() : null,
	...(await told(() => headerOf(entry)))
});

const workers = async () => {
	const registrations = await navigator.serviceWorker.getRegistrations();
	return registrations.map(({ active, waiting, installing }) => ({
		active: active?.state ?? null,
		waiting: waiting !== null,
		installing: installing !== null
	}));
};

/** Names with an address in them lose it. */
const cacheFacts = async () =>
	Promise.all(
		(await caches.keys()).map(async (name) => ({
			name: name.replace(/https?:.*$/, ''),
			entries: (await (await caches.open(name)).keys()).length
		}))
	);

const locks = async () => {
	const { held = [], pending = [] } = await navigator.locks.query();
	const names = (list) => list.map(({ name }) => name);
	return { held: names(held), pending: names(pending) };
};

const newest = (lines) => lines.slice(-newestLines).map((line) => JSON.parse(line));

/** `files` and `log` are what the page has read already. */
export const makeReport = async (files, log) => ({
	what: 'Report of the rescue page of AI Notes',
	madeAt: new Date().toISOString(),
	version: await told(() => readJson('_app/version.json')),
	browser: await told(browser),
	storage: await told(storage),
	files: await Promise.all(files.map(describeFile)),
	databases: await told(() => indexedDB.databases()),
	caches: await told(cacheFacts),
	serviceWorkers: await told(workers),
	locks: await told(locks),
	log: await told(async () => newest(log.lines)),
	unreadableLog: log.unreadable,
	packages: await told(() => readJson('dependencies.json'))
});
