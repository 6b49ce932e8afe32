import { chromium, type BrowserContext, type CDPSession, type Page } from '@playwright/test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { killProcessesOf } from './kill-processes';
import { serve, type ServeOptions, type StaticServer } from '../../../tools/serve';

/** The built app on a server of its own, in a browser profile of its own that survives restarts. */
export interface App {
	/** With a slash at the end. */
	readonly url: string;
	readonly server: StaticServer;
	/** The page in front: the first of the running browser. */
	readonly page: Page;
	readonly context: BrowserContext;
	/** What the pages complained about: errors and warnings of the console, uncaught errors. */
	readonly complaints: readonly string[];
	/** Requests that left our origin. There must be none. */
	readonly foreignRequests: readonly string[];
	/** A complaint that this test provokes on purpose. To be called before it can come. */
	allow(complaint: RegExp): void;
	/** Opens a path of the app in the page in front. */
	open(path?: string): Promise<Page>;
	newPage(path?: string): Promise<Page>;
	/** Another start of the browser on the same profile, as after a night. */
	restartBrowser(): Promise<Page>;
	/** Kills the browser, so that nothing of it can tidy up, and starts it on the same profile. */
	killBrowser(): Promise<Page>;
	/** Takes the host away; what the browser says of that is allowed from here on. */
	stopServer(): Promise<void>;
	startServer(): Promise<void>;
	cdp(page?: Page): Promise<CDPSession>;
	/** Ends browser and server and removes the profile. */
	close(): Promise<void>;
}

export interface AppOptions extends ServeOptions {
	readonly viewport?: { readonly width: number; readonly height: number };
	readonly colorScheme?: 'light' | 'dark';
	/** Switches of Chromium beside those that every test has. */
	readonly browserArguments?: readonly string[];
}

/** Background services of the browser itself would only disturb; the rest is a plain Chromium. */
export const browserArguments = [
	'--no-sandbox',
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync'
];

/** Name, words and place: an error of the browser itself has words, but no stack. */
const describe = ({ name, message, stack }: Error): string =>
	`uncaught: ${name}: ${message}${stack ? `\n${stack}` : ''}`;

/** Chromium's own words that tell of no fault. */
const browserNoise = [
	// On a machine without a graphics card, when the app asks whether there is one.
	/^warning: No available adapters\./,
	// A resize that led to another resize: the rest is delivered with the next frame. It comes or does
	// not come as the frames fall, and browsers hand it out as an error without one.
	/^uncaught: .*ResizeObserver loop completed with undelivered notifications/
];

/** What it says whenever it misses a host, also of files and service workers that it asks for by itself. */
const hostIsGone = [
	/^error: Failed to load resource: net::ERR_/,
	/Failed to update a ServiceWorker/,
	/error occurred when fetching the script/
];

/**
 * A time zone in which it is about noon: no day ends during a test, and nothing of the schedule, whose
 * tasks come in the night and in the morning, falls due beside what the test does.
 */
const noonZone = (): string => {
	const east = 12 - new Date().getUTCHours();
	return east > 0 ? `Etc/GMT-${east}` : `Etc/GMT+${-east}`;
};

export const startApp = async (options: AppOptions = {}): Promise<App> => {
	const profile = mkdtempSync(join(tmpdir(), 'ai-notes-e2e-'));
	const serverOptions = { root: 'build', port: 0, ...options };
	const allowed: RegExp[] = [...browserNoise];
	const complaints: string[] = [];
	const foreignRequests: string[] = [];
	const env = { ...process.env, TZ: noonZone() };
	let server = await serve(serverOptions);
	const { url, port } = server;

	const watch = (page: Page): void => {
		const complain = (text: string): void => {
			if (!allowed.some((pattern) => pattern.test(text))) complaints.push(text);
		};
		page.on('pageerror', (error) => complain(describe(error)));
		page.on('console', (message) => {
			if (!['error', 'warning'].includes(message.type())) return;
			complain(`${message.type()}: ${message.text()} (${message.location().url})`);
		});
	};

	const launch = async (): Promise<BrowserContext> => {
		const context = await chromium.launchPersistentContext(profile, {
			executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
			args: [...browserArguments, ...(options.browserArguments ?? [])],
			env,
			headless: true,
			acceptDownloads: true,
			viewport: options.viewport ?? { width: 1280, height: 800 },
			colorScheme: options.colorScheme ?? 'light'
		});
		context.on('request', (request) => {
			if (isForeign(request.url(), port)) foreignRequests.push(request.url());
		});
		context.pages().forEach(watch);
		context.on('page', watch);
		return context;
	};
	let context = await launch();
	const page = (): Page => {
		const [first] = context.pages();
		if (!first) throw new Error('the browser has no page');
		return first;
	};

	return {
		url,
		complaints,
		foreignRequests,
		get server() {
			return server;
		},
		get context() {
			return context;
		},
		get page() {
			return page();
		},
		allow: (complaint) => void allowed.push(complaint),
		async open(path = '') {
			await page().goto(url + path);
			return page();
		},
		async newPage(path = '') {
			const next = await context.newPage();
			await next.goto(url + path);
			return next;
		},
		async restartBrowser() {
			await context.close();
			context = await launch();
			return page();
		},
		async killBrowser() {
			const gone = new Promise((resolve) => context.once('close', resolve));
			killProcessesOf(profile);
			await gone;
			context = await launch();
			return page();
		},
		async stopServer() {
			allowed.push(...hostIsGone);
			await server.close();
		},
		async startServer() {
			server = await serve({ ...serverOptions, port });
		},
		cdp: async (target) => context.newCDPSession(target ?? page()),
		async close() {
			await context.close();
			await server.close().catch(() => undefined); // stopped by the test
			// A process of the browser may write its last file while this goes through them.
			rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
		}
	};
};

const isForeign = (url: string, port: number): boolean => {
	const { protocol, host } = new URL(url);
	return ['http:', 'https:', 'ws:', 'wss:'].includes(protocol) && host !== `localhost:${port}`;
};
