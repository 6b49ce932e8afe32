// The rescue page stands alone: no code of the app, so that it works when the app does not.
import { readLogs } from './rescue-logs.js';
import { makeReport } from './rescue-report.js';

/** The app's SQLite files start with a block of its storage pool; the database lies behind it. */
const poolHeaderBytes = 4096;
const sqliteMagic = 'SQLite format 3\u0000';

const element = (id) => document.getElementById(id);

const listFiles = async (folder, path = '') => {
	const found = [];
	for await (const [name, handle] of folder.entries()) {
		const at = `${path}/${name}`;
		if (handle.kind === 'directory') found.push(...(await listFiles(handle, at)));
		else found.push(await describe(at, handle));
	}
	return found;
};

const describe = async (path, handle) => {
	try {
		const file = await handle.getFile();
		const head = await file.slice(0, poolHeaderBytes + sqliteMagic.length).arrayBuffer();
		return { path, file, ...recognise(path, new Uint8Array(head)) };
	} catch (error) {
		return { path, file: null, what: `Cannot be read: ${error.message}`, offset: 0 };
	}
};

const recognise = (path, head) => {
	if (isSqlite(head, 0)) return { what: 'SQLite database', offset: 0, name: sqliteName(path) };
	const inside = isPoolFile(path) ? nameInPool(head) : '';
	if (isSqlite(head, poolHeaderBytes)) {
		const what = inside ? `Notebook database (${inside})` : 'Left over from a notebook database';
		return { what, offset: poolHeaderBytes, name: sqliteName(inside || path) };
	}
	if (inside === '') return { what: 'File', offset: 0, name: baseName(path) };
	const what = `Part of a notebook, or a damaged one (${inside})`;
	return { what, offset: poolHeaderBytes, name: baseName(inside) };
};

const isPoolFile = (path) => path.includes('/.opaque/');
const nameInPool = (head) => new TextDecoder().decode(head.subarray(0, 512)).split('\u0000')[0];

const isSqlite = (head, offset) =>
	[...sqliteMagic].every((letter, index) => head[offset + index] === letter.charCodeAt(0));

const baseName = (path) => path.slice(path.lastIndexOf('/') + 1);
const sqliteName = (path) => `${baseName(path).replace(/\.(db|sqlite3?)$/, '')}.sqlite3`;

const sizeText = (bytes) =>
	bytes < 1000
		? `${bytes} B`
		: bytes < 1e6
			? `${(bytes / 1e3).toFixed(1)} kB`
			: `${(bytes / 1e6).toFixed(1)} MB`;

const download = (blob, name) => {
	const link = document.createElement('a');
	link.href = URL.createObjectURL(blob);
	link.download = name;
	link.click();
	setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
};

const cell = (row, text, className) => {
	const td = row.insertCell();
	td.textContent = text;
	if (className) td.className = className;
	return td;
};

const showFile = ({ path, file, what, offset, name }) => {
	const row = element('files').tBodies[0].insertRow();
	cell(row, path);
	cell(row, what);
	cell(row, file ? sizeText(file.size - offset) : '', 'number');
	const actions = cell(row, '');
	if (!file) return;
	const button = document.createElement('button');
	button.type = 'button';
	button.textContent = 'Download';
	button.setAttribute('aria-label', `Download ${name}`);
	button.addEventListener('click', () => download(file.slice(offset), name));
	actions.append(button);
};

/** What was read for this page, for the report. */
const known = { files: [], log: { lines: [], unreadable: [] } };

const stamp = () => new Date().toISOString().replace(/[-:]|\.\d+/g, '');

const showFiles = async () => {
	try {
		const files = await listFiles(await navigator.storage.getDirectory());
		const worth = files.filter((file) => !isSpare(file));
		known.files = worth;
		worth.sort((a, b) => rank(b) - rank(a) || a.path.localeCompare(b.path));
		worth.forEach(showFile);
		element('files').hidden = worth.length === 0;
		element('summary').textContent =
			worth.length === 0
				? 'AI Notes keeps no files in this browser at this address.'
				: `${worth.length} ${worth.length === 1 ? 'file' : 'files'}.`;
	} catch (error) {
		element('summary').textContent =
			`This browser does not let the page read its files: ${error.message}`;
	}
};

const rank = ({ offset, what }) => (offset > 0 ? 2 : what.startsWith('SQLite') ? 1 : 0);

/** The pool keeps files ready that hold nothing yet. */
const isSpare = ({ path, file }) =>
	isPoolFile(path) && file !== null && file.size <= poolHeaderBytes;

const count = (number, word) => `${number} ${word}${number === 1 ? '' : 's'}`;

const showLog = async () => {
	const status = element('log-status');
	try {
		const log = await readLogs();
		known.log = log;
		const { lines, unreadable } = log;
		const lost =
			unreadable.length > 0 ? ` ${count(unreadable.length, 'part')} cannot be read.` : '';
		status.textContent =
			lines.length === 0
				? `There is no log in this browser.${lost}`
				: `${count(lines.length, 'line')}.${lost}`;
		const button = element('download-log');
		button.hidden = lines.length === 0;
		const blob = new Blob([lines.map((line) => `${line}\n`).join('')], { type: 'text/plain' });
		button.addEventListener('click', () => download(blob, `ai-notes-log-${stamp()}.jsonl`));
	} catch (error) {
		status.textContent = `The log cannot be read: ${error.message}`;
	}
};

/** Waits until the page has read what the report tells of. */
const showReport = async (reading) => {
	const status = element('report-status');
	status.textContent = 'Gathering …';
	await reading;
	const text = JSON.stringify(await makeReport(known.files, known.log), null, '\t');
	element('report').textContent = text;
	element('report').hidden = false;
	const button = element('download-report');
	button.hidden = false;
	const blob = new Blob([text], { type: 'application/json' });
	button.onclick = () => download(blob, `ai-notes-rescue-report-${stamp()}.json`);
	status.textContent = `Ready: ${sizeText(blob.size)}.`;
};

/** Only what belongs to this address: other apps may live beside it on the same host. */
const removeStoredApp = async () => {
	const scope = new URL('./', location.href).href;
	const registrations = await navigator.serviceWorker.getRegistrations();
	const ours = registrations.filter((registration) => registration.scope === scope);
	await Promise.all(ours.map((registration) => registration.unregister()));
	const names = await caches.keys();
	await Promise.all(
		names.filter((name) => name.endsWith(scope)).map((name) => caches.delete(name))
	);
};

const removeModels = async () => {
	const names = await caches.keys();
	const stored = names.filter((name) => name.startsWith('ai-notes-models'));
	await Promise.all(stored.map((name) => caches.delete(name)));
	const root = await navigator.storage.getDirectory();
	try {
		await root.removeEntry('ai-notes-model-parts', { recursive: true });
	} catch (error) {
		// There may be no beginnings of downloads; one that another tab holds was not removed.
		if (error.name !== 'NotFoundError') throw error;
	}
};

const onPress = (name, work, done) =>
	element(`remove-${name}`).addEventListener('click', async () => {
		const status = element(`${name}-status`);
		try {
			await work();
			status.textContent = done;
		} catch (error) {
			status.textContent = `That did not work: ${error.message}`;
		}
	});

onPress('app', removeStoredApp, 'Removed. Open AI Notes again to load it afresh.');
onPress(
	'models',
	removeModels,
	'Removed. They are loaded again when they are needed, or downloaded again when you want it.'
);

const reading = Promise.all([showFiles(), showLog()]);
element('make-report').addEventListener('click', () => void showReport(reading));
