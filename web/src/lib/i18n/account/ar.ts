import type { CatalogOf } from '../messages';
import type { en } from './en';

export const ar: CatalogOf<typeof en> = {
  'account.askAgain': 'اطلب رسالة أخرى',
  'account.backToSignIn': 'العودة إلى تسجيل الدخول',
  'account.chooseHint': 'سيتم تسجيل خروجك من كل مكان، وتنتهي رموز API الخاصة بك.',
  'account.choosePassword': 'اختر كلمة مرور جديدة',
  'account.code': 'الرمز',
  'account.codeHint': 'ستة أرقام من تطبيق المصادقة، أو أحد رموز الاسترداد.',
  'account.codeWrong': 'هذا الرمز خاطئ أو استُخدم من قبل.',
  'account.forgotHint': 'نرسل إليك رابطًا تختار به كلمة مرور جديدة.',
  'account.forgotSend': 'أرسل الرابط',
  'account.forgotSent':
    'إن كان هناك حساب بالبريد {email} فالرسالة في الطريق. انظر أيضًا في مجلد البريد غير المرغوب.',
  'account.join': 'انضمام',
  'account.joinInvited': 'يدعوك {name} إلى «{workspace}». دورك: {role}.',
  'account.joinLink': 'يتيح لك هذا الرابط الانضمام إلى «{workspace}». دورك: {role}.',
  'account.joinSignIn': 'سجّل الدخول للانضمام، أو أنشئ حسابًا.',
  'account.joinTitle': 'الانضمام إلى مساحة عمل',
  'account.linkGone': 'لم يعد هذا الرابط صالحًا: استُخدم أو سُحب أو انتهت مدته.',
  'account.linkGoneAsk': 'اطلب رابطًا جديدًا ممن أعطاك إياه.',
  'account.linkGoneTitle': 'انتهى هذا الرابط',
  'account.passwordSet': 'تم تعيين كلمة مرورك الجديدة. سجّل الدخول بها.',
  'account.verified': 'تم تأكيد عنوانك.',
  'account.verifyAgain': 'أرسل رسالة أخرى',
  'account.verifyAgainSent': 'رسالة أخرى في الطريق.',
  'account.verifySignIn': 'سجّل الدخول للحصول على رسالة أخرى.',
  'account.verifyTitle': 'تأكيد عنوانك'
};
