import type { CatalogOf } from '../messages';
import type { en } from './en';

export const ar: CatalogOf<typeof en> = {
  'drafts.compare': 'أظهر نصي',
  'drafts.copyOf': '{name} (نسختي)',
  'drafts.discard': 'تجاهل',
  'drafts.discarded': 'أُهملت نسختك.',
  'drafts.insert': 'أضفه في النهاية',
  'drafts.inserted': 'نصك الآن في نهاية الملاحظة.',
  'drafts.keep': 'احفظه ملاحظة جديدة',
  'drafts.kept': 'أصبح ملاحظة مستقلة: «{name}».',
  'drafts.look': 'اطّلع عليه',
  'drafts.mine': 'نصي',
  'drafts.noClipboard': 'لا يسمح المتصفح للصفحة بالنسخ. حدّد النص أو احفظه.',
  'drafts.open': 'افتح الملاحظة',
  'drafts.save': 'احفظه ملفًا',
  'drafts.server': 'في الملاحظة الآن',
  'drafts.text': 'تبقى على هذا الجهاز حتى تقرر.',
  'drafts.title': 'كلمات لم تجد مكانًا',
  'drafts.waiting': { other: 'نصوص لك لم تجد مكانًا في ملاحظاتها: {n}. هي محفوظة هنا.' }
};
