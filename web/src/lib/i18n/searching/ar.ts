import type { CatalogOf } from '../messages';
import type { en } from './en';

export const ar: CatalogOf<typeof en> = {
  'searching.alert': 'أخبرني حين يظهر جديد',
  'searching.alertHint': 'كإشعار، وبالبريد إن طلبت ذلك في الإعدادات.',
  'searching.alertOf': 'تنبيه «{name}»',
  'searching.change': 'تغيير البحث المحفوظ',
  'searching.changeOf': 'تغيير «{name}»',
  'searching.everywhere': 'كل مساحات العمل',
  'searching.forget': 'حذف «{name}»',
  'searching.forgotten': 'حُذف «{name}».',
  'searching.help': 'كيف تبحث بدقة أكبر',
  'searching.none': 'تظهر النتائج أثناء الكتابة. يمكنك حفظ بحث تحتاجه مرة أخرى، وأن يخبرك بالجديد.',
  'searching.op.after': 'تغيّر في هذا اليوم أو بعده',
  'searching.op.author': 'لك؛ أو لصاحب عنوان بريد',
  'searching.op.before': 'تغيّر قبل هذا اليوم',
  'searching.op.phrase': 'هذه الكلمات بهذا الترتيب',
  'searching.op.tag': 'بهذا الوسم',
  'searching.op.title': 'في العنوان',
  'searching.query': 'عمّ تبحث',
  'searching.save': 'حفظ البحث',
  'searching.saved': 'حُفظ «{name}».',
  'searching.title': 'عمليات البحث المحفوظة',
  'searching.where': 'مساحة العمل'
};
