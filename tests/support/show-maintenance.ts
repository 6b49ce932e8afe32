import axe from 'axe-core';
import { mount, unmount, type ComponentProps } from 'svelte';
import { expect } from 'vitest';
import MaintenanceFrame from './MaintenanceFrame.svelte';

type Props = ComponentProps<typeof MaintenanceFrame>;

/** Shows one page over fake services; returns what takes it away again. */
export const showMaintenance = (props: Props): (() => Promise<void>) => {
	const mounted = mount(MaintenanceFrame, { target: document.body, props });
	return () => unmount(mounted);
};

export const expectAccessible = async (): Promise<void> => {
	// Half-way through a fade the colours are not those of the design.
	await Promise.allSettled(document.getAnimations().map(({ finished }) => finished));
	const { violations } = await axe.run(document.body, {
		runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
	});
	expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
};
