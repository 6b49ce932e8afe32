import { formatCount, plural } from '$lib/shared/number-format';
import type { EditorState } from '$lib/state/editor.svelte';
import type { SessionState } from '$lib/state/session.svelte';
import type { ShellState } from '$lib/state/shell.svelte';
import type { LucideIcon } from '@lucide/svelte';
import CircleCheck from '@lucide/svelte/icons/circle-check';
import CircleDashed from '@lucide/svelte/icons/circle-dashed';
import OctagonAlert from '@lucide/svelte/icons/octagon-alert';
import Save from '@lucide/svelte/icons/save';
import SaveOff from '@lucide/svelte/icons/save-off';
import Sparkles from '@lucide/svelte/icons/sparkles';
import TriangleAlert from '@lucide/svelte/icons/triangle-alert';

export interface StatusLine {
	readonly tone: 'ok' | 'neutral' | 'warning' | 'failing';
	readonly icon: LucideIcon;
	readonly words: string;
}

export const healthLine = ({ health: report }: ShellState): StatusLine => {
	if (!report) return { tone: 'neutral', icon: CircleDashed, words: 'Health: not checked yet' };
	if (report.status === 'ok') {
		return { tone: 'ok', icon: CircleCheck, words: 'Health: all checks are fine' };
	}
	const needs = report.checks.filter(({ status }) => status !== 'ok').length;
	const words = `Health: ${plural(needs, 'thing needs', 'things need')} you`;
	return report.status === 'warning'
		? { tone: 'warning', icon: TriangleAlert, words }
		: { tone: 'failing', icon: OctagonAlert, words };
};

export const savedLine = (
	{ saveState, unsavedElsewhere }: EditorState,
	{ phase }: SessionState
): StatusLine => {
	if (saveState === 'failed' || unsavedElsewhere > 0) {
		return { tone: 'failing', icon: SaveOff, words: 'Some text is not saved yet' };
	}
	if (saveState === 'dirty' || saveState === 'saving') {
		return { tone: 'neutral', icon: Save, words: 'Saving' };
	}
	return phase === 'ready'
		? { tone: 'ok', icon: Save, words: 'Everything is saved' }
		: { tone: 'neutral', icon: SaveOff, words: 'The notebook is not open here' };
};

/** `8 %`, as the rail shows it. */
export const indexingPercent = ({ indexingShare }: ShellState): string =>
	`${Math.floor((indexingShare ?? 1) * 100)} %`;

export const indexLine = (shell: ShellState, { phase }: SessionState): StatusLine => {
	const { progress, model, indexingTotal } = shell;
	const line = (tone: StatusLine['tone'], words: string): StatusLine => ({
		tone,
		icon: Sparkles,
		words: `Meaning search: ${words}`
	});
	if (model?.phase === 'failed') return line('warning', 'the model did not start');
	if (model?.phase === 'stopped' && model.message) return line('warning', 'by words only');
	if (phase !== 'ready') return line('neutral', 'not running');
	if (!progress || model?.phase !== 'ready') return line('neutral', 'starting');
	if (progress.pendingNotes === 0) return line('ok', 'every note is read');
	const left = `${formatCount(progress.pendingNotes)} of ${plural(indexingTotal, 'note')} to go`;
	const read = `${indexingPercent(shell)} read, ${left}`;
	return line('neutral', progress.paused ? `paused, ${read}` : read);
};
