export interface TestCounts {
	readonly passed: number;
	readonly failed: number;
	readonly skipped: number;
}

interface VitestReport {
	readonly numPassedTests: number;
	readonly numFailedTests: number;
	readonly numPendingTests: number;
	readonly numTodoTests: number;
}

interface PlaywrightReport {
	readonly stats: {
		readonly expected: number;
		readonly unexpected: number;
		readonly flaky: number;
		readonly skipped: number;
	};
}

/** Reads the JSON report of vitest or Playwright. A report that is not there counts nothing. */
export const readCounts = (report: unknown): TestCounts => {
	if (isVitest(report)) {
		const { numPassedTests: passed, numFailedTests: failed } = report;
		return { passed, failed, skipped: report.numPendingTests + report.numTodoTests };
	}
	if (isPlaywright(report)) {
		const { expected, unexpected, flaky, skipped } = report.stats;
		return { passed: expected + flaky, failed: unexpected, skipped };
	}
	return { passed: 0, failed: 0, skipped: 0 };
};

export const addCounts = (a: TestCounts, b: TestCounts): TestCounts => ({
	passed: a.passed + b.passed,
	failed: a.failed + b.failed,
	skipped: a.skipped + b.skipped
});

const isVitest = (report: unknown): report is VitestReport =>
	typeof report === 'object' && report !== null && 'numPassedTests' in report;

const isPlaywright = (report: unknown): report is PlaywrightReport =>
	typeof report === 'object' && report !== null && 'stats' in report;
