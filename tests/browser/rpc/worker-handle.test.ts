import { afterEach, beforeAll, expect, test } from 'vitest';
import { installErrorTransfer } from '$lib/protocol/error-transfer';
import { startWorker, type WorkerHandle } from '$lib/rpc/worker-handle';
import { AppError } from '$lib/shared/app-error';
import type { EchoApi } from '../../support/echo.worker';
import echoUrl from '../../support/echo.worker?worker&url';

let handle: WorkerHandle<EchoApi>;

const start = (timeoutMs = 30_000): WorkerHandle<EchoApi> =>
	(handle = startWorker<EchoApi>({ url: echoUrl, name: 'echo', untimed: new Set(), timeoutMs }));

beforeAll(installErrorTransfer);
afterEach(() => handle.terminate('end of test'));

test('a call is answered', async () => {
	expect(await start().api.echo('hello')).toBe('hello');
});

test('an error of the worker arrives with its class, code and details', async () => {
	const error: unknown = await start()
		.api.fail()
		.catch((thrown: unknown) => thrown);
	expect(error).toBeInstanceOf(AppError);
	expect(error).toMatchObject({
		code: 'storage-full',
		message: 'The disk is full.',
		details: { freeBytes: 12 }
	});
});

test('a call that is waiting when its worker is ended is rejected', async () => {
	const { api, terminate } = start();
	await api.echo('up');
	const waiting = api.hang();
	terminate('enough');
	await expect(waiting).rejects.toMatchObject({ code: 'worker-died', message: 'enough' });
	await expect(api.echo('again')).rejects.toMatchObject({ code: 'worker-died' });
});

test('a worker that ends by itself is noticed and its calls are rejected', async () => {
	const { api, died } = start();
	await api.echo('up');
	await expect(api.end()).rejects.toMatchObject({ code: 'worker-died' });
	await expect(died).resolves.toMatchObject({ code: 'worker-died' });
});

test('a call without an answer ends in a time-out', async () => {
	await expect(start(200).api.hang()).rejects.toMatchObject({ code: 'timeout' });
});

test('a script that does not load is reported, not waited for', async () => {
	handle = startWorker<EchoApi>({
		url: '/no/such/worker.js',
		name: 'missing',
		untimed: new Set(),
		timeoutMs: 30_000
	});
	await expect(handle.api.echo('hello')).rejects.toMatchObject({ code: 'worker-died' });
});
