import { createManage } from '$lib/commands/manage';
import { expect, test } from 'vitest';
import { fakeServices } from '../../support/fake-services';

test('download_model says what is here now, and nothing that it did not look at', async () => {
	const download = () =>
		Promise.resolve({ modelId: 'm', bytes: 7, from: 'https://hub.test/', unknown: [] });
	const answer = await createManage(fakeServices({ downloads: { download } }))('download_model m');
	expect(answer.text).toMatch(/^m is here: 7 B from https:\/\/hub\.test\/, /);
	// Whether app and runtime start without the network the command cannot tell.
	expect(answer.text).not.toContain('offline');
	expect(answer.data).toEqual({ id: 'm', cachedBytes: 7, from: 'https://hub.test/' });
});
