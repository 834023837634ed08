import type { CatalogOf } from '../messages';
import type { en } from './en';

export const ar: CatalogOf<typeof en> = {
  'transfer.calendar': 'استيراد التقويم أو تصديره',
  'transfer.calendarWorking': 'لحظة…',
  'transfer.chooseFiles': 'اختر ملف zip أو ملفات Markdown',
  'transfer.chooseFolder': 'اختر مجلدًا',
  'transfer.chooseOther': 'اختر شيئًا آخر',
  'transfer.collections': { other: 'المجموعات: {n}' },
  'transfer.connections': { other: 'الروابط: {n}' },
  'transfer.events': { other: 'المواعيد: {n}' },
  'transfer.eventsCame': { other: 'وصلت مواعيد: {n}.' },
  'transfer.export': 'تصدير مساحة العمل',
  'transfer.exportAction': 'تصدير',
  'transfer.exportIcs': 'تصدير بصيغة .ics',
  'transfer.exportText':
    'تحصل على ملف zip: كل ملاحظة بصيغة Markdown، وكل الملفات، وقائمة بالباقي. يمكن استيراده هنا من جديد وقراءته في أي مكان.',
  'transfer.exportWaiting': { other: 'تعديلات لك لم تُحفظ بعد ولن تكون فيه: {n}.' },
  'transfer.exported': 'تم: {size}. حفظه متصفحك.',
  'transfer.exporting': 'جارٍ التجهيز… {size} حتى الآن',
  'transfer.files': { other: 'الملفات: {n}' },
  'transfer.goesOn': 'أُرسل كل شيء. يُكمل الخادم حتى لو أغلقت هذه النافذة.',
  'transfer.import': 'استيراد',
  'transfer.importIcs': 'استيراد ملف .ics',
  'transfer.importText':
    'أفلت هنا تصديرًا من NoteVault أو ملف zip فيه Markdown أو ملفات Markdown. تصبح المجلدات مجموعات وتأتي الصور معها.',
  'transfer.imported': 'وصل إلى مساحة العمل:',
  'transfer.importedNothing': 'لم يكن هناك ما يُستورد.',
  'transfer.more': 'استيراد المزيد',
  'transfer.notes': { other: 'الملاحظات: {n}' },
  'transfer.nothingCame': 'انظر في مساحة العمل قبل أن تحاول من جديد: قد يكون جزء منه قد وصل.',
  'transfer.packing': 'جارٍ التجهيز…',
  'transfer.feed': 'الاشتراك من برنامج آخر',
  'transfer.sending': 'جارٍ الإرسال…',
  'transfer.skipped': { other: 'تُرك: {n}' },
  'transfer.threads': { other: 'نقاشات: {n}' },
  'transfer.working': 'جارٍ الاستيراد…'
};
