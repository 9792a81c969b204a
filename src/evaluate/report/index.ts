export { htmlReport } from './html-report.js';
export { markdownReport } from './markdown-report.js';
