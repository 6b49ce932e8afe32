import type { IntegrityPartReport } from '$lib/domain/database-report';
import {
	createMaintenanceService,
	type MaintenanceServiceDeps
} from '$lib/services/maintenance-service';
import { AppError } from '$lib/shared/app-error';
import { expect, test } from 'vitest';

const createDeps = (
	db: Partial<MaintenanceServiceDeps['db']>,
	storage?: MaintenanceServiceDeps['storage']
): MaintenanceServiceDeps => ({
	db: {
		storageUse: () => Promise.resolve({ notes: 10, vectors: 20, backups: 30 }),
		...db
	} as MaintenanceServiceDeps['db'],
	storage,
	cacheBytes: () => Promise.resolve({ models: 40, app: 50 }),
	logBytes: () => Promise.resolve(60)
});

test('one damaged part makes the whole check damaged, with its findings', async () => {
	const checkIntegrity = (parts: readonly IntegrityPartReport['part'][]) =>
		Promise.resolve(
			parts.map((part): IntegrityPartReport => {
				const findings = part === 'foreign-keys' ? ['a row points nowhere'] : [];
				const status = findings.length === 0 ? 'ok' : 'damaged';
				return { part, status, checked: 1, findings, durationMs: 2 };
			})
		);
	const service = createMaintenanceService(createDeps({ checkIntegrity }));
	expect(await service.checkIntegrity(true)).toEqual({
		status: 'damaged',
		findings: ['a row points nowhere'],
		durationMs: 6
	});
	expect(await service.checkParts(false)).toHaveLength(6);
});

test('what the browser does not tell is null, never zero', async () => {
	const report = await createMaintenanceService(createDeps({})).storage();
	expect(report).toEqual({
		persisted: null,
		quotaBytes: null,
		usageBytes: null,
		byPurpose: { notes: 10, vectors: 20, backups: 30, models: 40, logs: 60, app: 50 },
		unavailable: {
			persisted: 'this browser does not tell',
			quotaBytes: 'this browser does not tell',
			usageBytes: 'this browser does not tell'
		}
	});
});

test('a part of the storage that cannot be measured is unknown with its reason, and hides no other', async () => {
	const fail = (why: string) => () => Promise.reject(new AppError('storage-blocked', why));
	const storage = {
		estimate: fail('no estimate here'),
		persist: () => Promise.resolve(true),
		persisted: () => Promise.resolve(true)
	};
	const report = await createMaintenanceService({
		...createDeps({}, storage),
		cacheBytes: fail('the caches cannot be read')
	}).storage();
	expect(report).toEqual({
		persisted: true,
		quotaBytes: null,
		usageBytes: null,
		byPurpose: { notes: 10, vectors: 20, backups: 30, models: null, logs: 60, app: null },
		unavailable: {
			quotaBytes: 'no estimate here',
			usageBytes: 'no estimate here',
			'byPurpose.models': 'the caches cannot be read',
			'byPurpose.app': 'the caches cannot be read'
		}
	});
});

test('a refused wish to keep the data is not shown as granted', async () => {
	const storage = {
		estimate: () => Promise.resolve({ quota: 5, usage: 1 }),
		persist: () => Promise.resolve(false),
		persisted: () => Promise.resolve(false)
	};
	const service = createMaintenanceService(createDeps({}, storage));
	expect(await service.persist()).toBe(false);
	expect((await service.storage()).persisted).toBe(false);
});
