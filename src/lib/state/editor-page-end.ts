interface PageEnd {
	/** Must do its first part at once: the page may not live to see the rest. */
	leave(): void;
	isUnsaved(): boolean;
}

/** Hidden, closed or navigated away: each may be the last moment of the page. */
export const watchPageEnd = ({ leave, isUnsaved }: PageEnd): (() => void) => {
	const hide = (): void => {
		if (document.visibilityState === 'hidden') leave();
	};
	const warn = (event: BeforeUnloadEvent): void => {
		if (isUnsaved()) event.preventDefault();
	};
	document.addEventListener('visibilitychange', hide);
	window.addEventListener('pagehide', leave);
	window.addEventListener('beforeunload', warn);
	return () => {
		document.removeEventListener('visibilitychange', hide);
		window.removeEventListener('pagehide', leave);
		window.removeEventListener('beforeunload', warn);
	};
};
