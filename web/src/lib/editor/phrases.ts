/** The words of the editor in the chosen language. */
import { t } from '#lib/i18n/index.svelte';
import type { EditorWords } from './setup';

export function editorWords(): EditorWords {
  return {
    label: t('editor.text'),
    placeholder: t('editor.placeholder'),
    phrases: {
      Find: t('find.find'),
      Replace: t('find.replaceWith'),
      next: t('find.next'),
      previous: t('find.previous'),
      all: t('find.all'),
      'match case': t('find.matchCase'),
      regexp: t('find.regexp'),
      'by word': t('find.byWord'),
      replace: t('find.replace'),
      'replace all': t('find.replaceAll'),
      close: t('action.close'),
      'current match': t('find.current'),
      'on line': t('find.onLine'),
      'replaced match on line $': t('find.replacedOne'),
      'replaced $ matches': t('find.replacedMany'),
      Task: t('editor.task')
    }
  };
}
