import { asAppError } from '#error';
import { printError } from './print-error.ts';
import { runProgram } from './program.ts';

// Somebody who has seen enough (`| head`) is no failure.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? 0 : 3);
  });
}

try {
  process.exitCode = await runProgram(process.argv.slice(2));
} catch (thrown) {
  const error = asAppError(thrown);
  process.stderr.write(printError(error));
  process.exitCode = error.exit;
}
// The engine's threads would keep the process for a moment; everything is written and closed.
process.exit();
