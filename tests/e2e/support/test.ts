import { test as base } from '@playwright/test';
import { startApp, type App, type AppOptions } from './app';

export { expect } from '@playwright/test';

interface Fixtures {
	/** How the app is served and shown: `test.use({ appOptions: { base: '/notes' } })`. */
	appOptions: AppOptions;
	/**
	 * The built app with a fresh profile. When the test ends, nothing may have left the origin, and
	 * nothing may be in the console but what the test allowed.
	 */
	app: App;
}

export const test = base.extend<Fixtures>({
	appOptions: [{}, { option: true }],
	app: async ({ appOptions }, use) => {
		const app = await startApp(appOptions);
		try {
			await use(app);
			base.expect(app.foreignRequests, 'no request left the origin').toEqual([]);
			base.expect(app.complaints, 'nothing in the console').toEqual([]);
		} finally {
			await app.close();
		}
	}
});
