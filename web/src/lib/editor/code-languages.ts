/** The languages of code blocks, each a library of its own that comes with the first block that names it. */
import { LanguageDescription, type LanguageSupport } from '@codemirror/language';

export const CODE_LANGUAGES: readonly LanguageDescription[] = [
  LanguageDescription.of({
    name: 'javascript',
    alias: ['js', 'jsx', 'node', 'ecmascript'],
    load: async () => (await import('@codemirror/lang-javascript')).javascript({ jsx: true })
  }),
  LanguageDescription.of({
    name: 'typescript',
    alias: ['ts', 'tsx'],
    load: async () =>
      (await import('@codemirror/lang-javascript')).javascript({ typescript: true, jsx: true })
  }),
  LanguageDescription.of({
    name: 'python',
    alias: ['py'],
    load: async () => (await import('@codemirror/lang-python')).python()
  }),
  LanguageDescription.of({
    name: 'json',
    alias: ['jsonc'],
    load: async () => (await import('@codemirror/lang-json')).json()
  }),
  LanguageDescription.of({
    name: 'css',
    alias: ['scss'],
    load: async () => (await import('@codemirror/lang-css')).css()
  }),
  LanguageDescription.of({
    name: 'html',
    alias: ['svelte', 'vue', 'xml', 'svg'],
    load: async () => (await import('@codemirror/lang-html')).html()
  }),
  LanguageDescription.of({
    name: 'sql',
    alias: ['sqlite', 'postgres', 'mysql'],
    load: async () => (await import('@codemirror/lang-sql')).sql()
  }),
  LanguageDescription.of({
    name: 'rust',
    alias: ['rs'],
    load: async () => (await import('@codemirror/lang-rust')).rust()
  }),
  LanguageDescription.of({
    name: 'yaml',
    alias: ['yml'],
    load: async () => (await import('@codemirror/lang-yaml')).yaml()
  }),
  LanguageDescription.of({
    name: 'go',
    alias: ['golang'],
    load: async () => (await import('@codemirror/lang-go')).go()
  }),
  LanguageDescription.of({
    name: 'c',
    alias: ['h', 'cpp', 'c++'],
    load: async () => (await import('@codemirror/lang-cpp')).cpp()
  }),
  LanguageDescription.of({
    name: 'java',
    alias: ['kotlin'],
    load: async () => (await import('@codemirror/lang-java')).java()
  }),
  LanguageDescription.of({
    name: 'php',
    alias: [],
    load: async () => (await import('@codemirror/lang-php')).php()
  })
];

/** The language that a fence names, loaded; null where none is known. */
export async function codeLanguage(info: string): Promise<LanguageSupport | null> {
  const found = LanguageDescription.matchLanguageName(CODE_LANGUAGES, info, false);
  return found ? (found.support ?? found.load()) : null;
}
