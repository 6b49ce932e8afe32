import type { AccuracyService } from '$lib/services/accuracy-service';
import type { BackupService } from '$lib/services/backup-service';
import type { CollectionService } from '$lib/services/collection-service';
import type { CopyFolderService } from '$lib/services/copy-folder-service';
import type { FileCheckService } from '$lib/services/file-check-service';
import type { EncryptionService } from '$lib/services/encryption-service';
import type { HealthService } from '$lib/services/health-service';
import type { IndexingService } from '$lib/services/indexing-service';
import type { LogService } from '$lib/services/log-service';
import type { MaintenanceService } from '$lib/services/maintenance-service';
import type { MetricsService } from '$lib/services/metrics-service';
import type { ModelDownloads } from '$lib/services/model-downloads';
import type { ModelService } from '$lib/services/model-service';
import type { NoteMapService } from '$lib/services/note-map-service';
import type { NoteService } from '$lib/services/note-service';
import type { ScaleOutService } from '$lib/services/scale-out-service';
import type { ScheduleService } from '$lib/services/scheduler';
import type { OutsideCopyService } from '$lib/services/outside-copies';
import type { RecoveryKitService } from '$lib/services/recovery-kit-service';
import type { SearchService } from '$lib/services/search-service';
import type { SuggestionService } from '$lib/services/suggestion-service';
import type { SupportService } from '$lib/services/support-service';
import type { UpgradeService } from '$lib/services/upgrade';
import type { VectorCareService } from '$lib/services/vector-care-service';
import type { VersionService } from '$lib/services/version-service';
import type { Arguments, OptionDefinition } from './parse-command-line';

/** The answer of every command: see COMMANDS.md. */
export interface CommandResult<T = unknown> {
	readonly ok: boolean;
	readonly text: string;
	readonly data: T;
}

/** What the commands ask. They add no rule of their own. */
export interface CommandServices {
	readonly notes: NoteService;
	readonly search: SearchService;
	readonly accuracy: AccuracyService;
	readonly collection: CollectionService;
	readonly backups: BackupService;
	readonly encryption: EncryptionService;
	readonly copies: OutsideCopyService;
	readonly copyFolder: CopyFolderService;
	readonly fileCheck: FileCheckService;
	readonly recoveryKit: RecoveryKitService;
	readonly maintenance: MaintenanceService;
	readonly health: HealthService;
	readonly indexing: IndexingService;
	readonly models: ModelService;
	readonly downloads: ModelDownloads;
	readonly upgrades: UpgradeService;
	readonly vectorCare: VectorCareService;
	readonly noteMaps: NoteMapService;
	readonly suggestions: SuggestionService;
	readonly metrics: MetricsService;
	readonly version: VersionService;
	readonly logs: LogService;
	readonly schedule: ScheduleService;
	readonly scaleOut: ScaleOutService;
	readonly support: SupportService;
}

/** What a command that worked has to say. `ok: false` when it ran to the end but not to its aim. */
export interface Answer {
	readonly text: string;
	readonly data: unknown;
	readonly ok?: boolean;
}

export interface Command {
	readonly name: string;
	/** One line: the name, then what follows it. Shown for every mistake. */
	readonly usage: string;
	readonly summary: string;
	/** Names of the words that must follow, in order, and of those that may. */
	readonly required?: readonly string[];
	readonly optional?: readonly string[];
	/** All further words belong to the last one: a query needs no quotes. */
	readonly takesRest?: boolean;
	readonly options?: readonly OptionDefinition[];
	/** What follows its name may be a secret or the text of a note: the history keeps the name alone. */
	readonly isPrivate?: true;
	/** `manage` may be given a file beside the line. */
	readonly takesFile?: true;
	run(args: Arguments, services: CommandServices, given: File | null): Promise<Answer>;
}
