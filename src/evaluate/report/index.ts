export { htmlReport, type ReportData } from './html-report.js';
export { markdownReport } from './markdown-report.js';
