import { CollectionState } from '$lib/state/accuracy-collection.svelte';
import { AccuracyState } from '$lib/state/accuracy.svelte';
import { BackupEncryptionState } from '$lib/state/backups-encryption.svelte';
import { BackupsState } from '$lib/state/backups.svelte';
import { DrillState } from '$lib/state/backups-drill.svelte';
import { RestoreState } from '$lib/state/backups-restore.svelte';
import { SalvageState } from '$lib/state/backups-salvage.svelte';
import { SimulationState } from '$lib/state/backups-simulation.svelte';
import { ConsoleState } from '$lib/state/console.svelte';
import { DatabaseSqlState } from '$lib/state/database-sql.svelte';
import { DatabaseState } from '$lib/state/database.svelte';
import { EmbeddingsState } from '$lib/state/embeddings.svelte';
import { ExcludedTagsState } from '$lib/state/excluded-tags.svelte';
import { HealthReportState } from '$lib/state/health-report.svelte';
import { HealthState } from '$lib/state/health.svelte';
import { ImportState } from '$lib/state/import.svelte';
import { LogsState } from '$lib/state/logs.svelte';
import { AboutState } from '$lib/state/maintenance-about.svelte';
import {
	setAbout,
	setAccuracy,
	setBackupEncryption,
	setBackups,
	setCollection,
	setConsole,
	setCopyFolder,
	setDatabase,
	setDatabaseSql,
	setDrill,
	setEmbeddings,
	setExcludedTags,
	setFileCheck,
	setHealth,
	setHealthReport,
	setImport,
	setLogs,
	setMetrics,
	setModelDevice,
	setModelDownloads,
	setNoteInspector,
	setModels,
	setOutsideCopies,
	setRecoveryKit,
	setRestore,
	setSalvage,
	setScaleOut,
	setSchedule,
	setSimulation,
	setStorage,
	setSuggestions,
	setSupport,
	setTimeMachine,
	setUpgrade,
	setVectorCare
} from '$lib/state/maintenance-context';
import { CopyFolderState } from '$lib/state/copy-folder.svelte';
import { FileCheckState } from '$lib/state/file-check.svelte';
import { MetricsState } from '$lib/state/metrics.svelte';
import { measureModelMemory } from '$lib/services/measure-memory';
import { ModelDeviceState } from '$lib/state/model-device.svelte';
import { ModelDownloadsState } from '$lib/state/model-downloads.svelte';
import { ModelsState } from '$lib/state/models.svelte';
import { UpgradeState } from '$lib/state/model-upgrade.svelte';
import { NoteInspectorState } from '$lib/state/note-inspector.svelte';
import { SuggestionsState } from '$lib/state/suggestions.svelte';
import { VectorCareState } from '$lib/state/vector-care.svelte';
import { OutsideCopiesState } from '$lib/state/outside-copies.svelte';
import { ScaleOutState } from '$lib/state/scale-out.svelte';
import { RecoveryKitState } from '$lib/state/recovery-kit.svelte';
import { ScheduleState } from '$lib/state/schedule.svelte';
import { SupportState } from '$lib/state/support.svelte';
import { StorageState } from '$lib/state/storage.svelte';
import type { ToastsState } from '$lib/state/toasts.svelte';
import { TimeMachineState } from '$lib/state/time-machine.svelte';
import { askForFile, askWhenLocked, createAskingBackups } from '$lib/services/asking-backups';
import { builtWith } from './packages-version';
import { isKeptForOffline } from '$lib/services/service-worker-state';
import { saveFile } from './save-file';
import type { App } from './start-app';

/** What the command palette starts on those pages. */
export interface MaintenanceJobs {
	readonly backups: BackupsState;
	readonly health: HealthState;
	readonly transfer: ImportState;
}

/** The state of the pages that look after the notebook, handed out by context. */
export const provideMaintenance = (
	{ services, console, updates }: App,
	toasts: ToastsState
): MaintenanceJobs => {
	const { encryption, health, indexing, maintenance, models, session, transfer } = services;
	// Pages ask for what is locked; commands say that it is.
	const backups = createAskingBackups({ ...services, prompt: services.keyPrompt });
	const timeMachine = {
		...services.timeMachine,
		open: askWhenLocked(services, services.timeMachine.open)
	};
	setBackupEncryption(new BackupEncryptionState(encryption, backups));
	setRestore(new RestoreState(backups, session));
	setSalvage(new SalvageState(backups));
	setSimulation(new SimulationState(backups));
	setTimeMachine(new TimeMachineState(timeMachine, backups));
	setDrill(new DrillState(backups));
	setOutsideCopies(new OutsideCopiesState(services.copies));
	setCopyFolder(new CopyFolderState(services.copyFolder));
	const { fileCheck, keyPrompt, recoveryKit } = services;
	setRecoveryKit(new RecoveryKitState({ make: askWhenLocked(services, recoveryKit.make) }));
	setFileCheck(new FileCheckState({ check: askForFile(keyPrompt, fileCheck.check) }));
	setConsole(new ConsoleState(console));
	setDatabase(new DatabaseState(maintenance));
	setDatabaseSql(new DatabaseSqlState(maintenance, saveFile));
	setEmbeddings(new EmbeddingsState(indexing));
	setExcludedTags(new ExcludedTagsState(indexing));
	setSuggestions(new SuggestionsState(services.suggestions, services.notes, toasts));
	setVectorCare(new VectorCareState(services.vectorCare));
	setNoteInspector(new NoteInspectorState(services.vectorCare));
	setCollection(new CollectionState(services.collection));
	setAccuracy(new AccuracyState(services.accuracy));
	const modelsState = new ModelsState(models, indexing);
	setModels(modelsState);
	setModelDownloads(
		new ModelDownloadsState(services.downloads, isKeptForOffline, modelsState.load)
	);
	setModelDevice(
		new ModelDeviceState(services.modelDevice, indexing, async () =>
			measureModelMemory(performance, globalThis.crossOriginIsolated)
		)
	);
	setUpgrade(new UpgradeState(services.upgrades, models, maintenance));
	setStorage(new StorageState({ ...services, now: Date.now }));
	setSchedule(new ScheduleState(services.schedule, services.reminders));
	setScaleOut(new ScaleOutState(services.scaleOut));
	setHealthReport(new HealthReportState(services.healthReport));
	setMetrics(new MetricsState(services.metrics));
	setSupport(new SupportState(services.support));
	setLogs(new LogsState(services.logs));
	setAbout(
		new AboutState({ builtWith, changelog: __CHANGELOG__, version: services.version, updates })
	);
	return {
		backups: setBackups(new BackupsState(backups, services.sharing, toasts)),
		health: setHealth(new HealthState({ health, maintenance, indexing, backups })),
		transfer: setImport(new ImportState(transfer))
	};
};
