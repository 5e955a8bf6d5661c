import { asAppError } from '#error';
import { printError } from './print-error.ts';
import { runProgram } from './program.ts';

try {
  process.exitCode = await runProgram(process.argv.slice(2));
} catch (thrown) {
  const error = asAppError(thrown);
  process.stderr.write(printError(error));
  process.exitCode = error.exit;
}
// The engine's threads would keep the process for a moment; everything is written and closed.
process.exit();
