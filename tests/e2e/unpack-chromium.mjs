// Unpacks the packaged Chromium and the system libraries it may miss into $TMPDIR; prints the program's path.
// The library is told that it runs on its usual host because only then does it unpack the libraries too.
process.env.AWS_EXECUTION_ENV = "AWS_Lambda_nodejs20.x";
const { default: chromium } = await import("@sparticuz/chromium");
console.log(await chromium.executablePath());
