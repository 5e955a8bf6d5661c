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

/** Colours of the component library that no component of ours is given. */
const colour = /--mantine-color-(pink|grape|violet|indigo|cyan|green|lime|yellow|orange)-[\w-]+:[^;}]*;?/g;

/** Leaves out the other colours of the component library: they are most of its variables. */
function dropColours(): Plugin {
  return {
    name: 'drop-colours',
    apply: 'build',
    generateBundle(_, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== 'asset' || !file.fileName.endsWith('.css')) continue;
        const text = typeof file.source === 'string' ? file.source : Buffer.from(file.source).toString('utf8');
        file.source = text.replace(colour, '');
      }
    },
  };
}

/**
 * What is fetched together, and compressed together: what every page has; the editor, which two pages share; and the small
 * parts that Hunt and most pages have. Left alone, the bundler makes a file for each combination of pages, which costs Hunt
 * a hundredth of its weight and a dozen requests. React is in none of them: it is no module of its own, and must run before
 * what is made of it.
 */
const together: readonly { readonly name: string; readonly test: RegExp }[] = [
  {
    name: 'editor',
    test: /@codemirror|@lezer|style-mod|w3c-keyname|crelt|find-cluster-break|web\/src\/editor\//,
  },
  {
    name: 'base',
    test: /node_modules\/(?:valibot|@tanstack\/(?:react-router|router-core|history|react-store|store|query-core))\/|web\/src\/(?:api\/(?:request|problem|attention|session)|parts\/(?:own-session|states|problem-line))\./,
  },
  {
    name: 'parts',
    test: /web\/src\/(?:query\/|api\/(?:events|event-value|sources)\.|parts\/(?:choice|copy|empty-window|entity-link|format|histogram|hunt-link|inert-text|outcome|show-characters|time|time-picker|time-plot|use-stretch)\.)/,
  },
];

const config: UserConfig = defineConfig({
  plugins: [dropColours(), precompress()],
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
      output: { codeSplitting: { includeDependenciesRecursively: false, groups: [...together] } },
      onLog(level, log, handle) {
        // Libraries mark files for servers that render pages; there is none here.
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') handle(level, log);
      },
    },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8420' } },
});
export default config;
