import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Worker } from '@playwright/test';
import { startApp, type App } from './support/app';
import { findWorker } from './support/faults';
import { waitForServiceWorker } from './support/service-worker';
import { expect, test as base } from './support/test';

/** A host that would take anything from anyone, and counts who comes. */
interface ForeignHost {
	readonly url: string;
	readonly visits: string[];
}

// The pages try forbidden things here, so the fixture's own assertions would be in the way.
const test = base.extend<{ foreign: ForeignHost; plainApp: App }>({
	foreign: async ({ appOptions: _ }, use) => {
		const visits: string[] = [];
		const server: Server = createServer((request, response) => {
			visits.push(request.url ?? '');
			response.writeHead(200, { 'Access-Control-Allow-Origin': '*' }).end('taken');
		});
		await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
		const { port } = server.address() as AddressInfo;
		await use({ url: `http://127.0.0.1:${port}/`, visits });
		server.close();
	},
	plainApp: async ({ appOptions }, use) => {
		const app = await startApp(appOptions);
		await use(app);
		await app.close();
	}
});

interface Attempts {
	readonly fetched: string;
	readonly evaluated: string;
}

/** Inside a later task: the first one runs with the privileges of the test tool. */
const attempt = async (url: string): Promise<Attempts> =>
	new Promise((done) =>
		setTimeout(() => {
			let evaluated = 'blocked';
			try {
				evaluated = String((0, eval)('"ran"'));
			} catch {
				// refused, as it should be
			}
			fetch(url).then(
				() => done({ fetched: 'reached', evaluated }),
				() => done({ fetched: 'blocked', evaluated })
			);
		}, 0)
	);

/** The database's and the model's. */
const appWorkers = async ({ page }: App): Promise<Worker[]> => [
	await findWorker(page, 'db'),
	await findWorker(page, 'embed')
];

const blocked: Attempts = { fetched: 'blocked', evaluated: 'blocked' };

test('a host with our headers: nothing foreign is called or evaluated, in pages and workers', async ({
	plainApp,
	foreign
}) => {
	const page = await plainApp.open();
	expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
	expect(await page.evaluate(attempt, foreign.url)).toEqual(blocked);
	for (const worker of await appWorkers(plainApp)) {
		expect(await worker.evaluate(attempt, foreign.url), worker.url()).toEqual(blocked);
	}
	expect(foreign.visits).toEqual([]);
});

test.describe('a host without headers', () => {
	test.use({ appOptions: { isolation: false } });

	test('from the second load on the service worker gives the same protection', async ({
		plainApp,
		foreign
	}) => {
		const page = await plainApp.open();
		expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
		await waitForServiceWorker(page);
		await page.reload();
		expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
		expect(await page.evaluate(attempt, foreign.url)).toEqual(blocked);
		for (const worker of await appWorkers(plainApp)) {
			expect(await worker.evaluate(attempt, foreign.url), worker.url()).toEqual(blocked);
		}
		expect(foreign.visits).toEqual([]);
	});

	test('what these tests attempt does work where nothing forbids it', async ({
		plainApp,
		foreign
	}) => {
		// Without this the tests above could pass because the attempt itself is broken.
		const page = await plainApp.open('manifest.webmanifest');
		expect(await page.evaluate(attempt, foreign.url)).toEqual({
			fetched: 'reached',
			evaluated: 'ran'
		});
		expect(foreign.visits).toEqual(['/']);
	});
});
