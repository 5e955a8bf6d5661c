import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { defineConfig, type Plugin, type UserConfig } from 'vite';

/** Files smaller than this gain nothing from being compressed. */
const compressedBytesMin = 1_024;
const brotliQuality = 9;

/** Writes each text file a second and third time, compressed, so that the server only has to send them. */
function precompress(): Plugin {
  return {
    name: 'precompress',
    apply: 'build',
    writeBundle({ dir }) {
      if (dir === undefined) return;
      for (const file of readdirSync(dir, { recursive: true, encoding: 'utf8' })) {
        if (!/\.(js|css|svg)$/.test(file)) continue;
        const content = readFileSync(join(dir, file));
        if (content.length < compressedBytesMin) continue;
        writeFileSync(join(dir, `${file}.gz`), gzipSync(content, { level: 9 }));
        writeFileSync(
          join(dir, `${file}.br`),
          brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: brotliQuality } }),
        );
      }
    },
  };
}

const config: UserConfig = defineConfig({
  plugins: [precompress()],
  build: {
    target: 'es2022',
    manifest: true,
    // A page of data URLs would need a wider policy than files do.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    emptyOutDir: true,
    // What Hunt may weigh is measured by a test, compressed and in all.
    chunkSizeWarningLimit: 1_000,
    rolldownOptions: {
      onLog(level, log, handle) {
        // Libraries mark files for servers that render pages; there is none here.
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') handle(level, log);
      },
    },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8420' } },
});
export default config;
