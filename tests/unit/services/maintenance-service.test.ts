import type { IntegrityPartReport } from '$lib/domain/database-report';
import {
	createMaintenanceService,
	type MaintenanceServiceDeps
} from '$lib/services/maintenance-service';
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
		byPurpose: { notes: 10, vectors: 20, backups: 30, models: 40, logs: 60, app: 50 }
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
