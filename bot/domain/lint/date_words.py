"""Names of months and weekdays, and words such as 'tomorrow', in the languages that the rules read dates in."""

from __future__ import annotations

import re

# A language, then its names, January or Monday first; an indented line goes on. Several names of one are joined by |.
_MONTHS = """
en January|Jan February|Feb March|Mar April|Apr May June|Jun July|Jul August|Aug September|Sept|Sep October|Oct
  November|Nov December|Dec
th มกราคม|ม.ค. กุมภาพันธ์|ก.พ. มีนาคม|มี.ค. เมษายน|เม.ย. พฤษภาคม|พ.ค. มิถุนายน|มิ.ย. กรกฎาคม|ก.ค. สิงหาคม|ส.ค.
  กันยายน|ก.ย. ตุลาคม|ต.ค. พฤศจิกายน|พ.ย. ธันวาคม|ธ.ค.
ar يناير|جانفي فبراير|شباط|فيفري مارس|آذار أبريل|ابريل|إبريل|نيسان|أفريل مايو|أيار|ماي يونيو|يونية|حزيران|جوان
  يوليو|تموز|جويلية أغسطس|آب|أوت سبتمبر|أيلول أكتوبر نوفمبر ديسمبر
fr janvier février mars avril mai juin juillet août septembre octobre novembre décembre
es enero febrero marzo abril mayo junio julio agosto septiembre|setiembre octubre noviembre diciembre
pt janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro
de Januar|Jänner Februar März April Mai Juni Juli August September Oktober November Dezember
id Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember
ru января февраля марта апреля мая июня июля августа сентября октября ноября декабря
fa جنوری|ژانویه فبروری|فوریه مارچ|مارس اپریل|آوریل می|مه جون|ژوئن جولای|ژوئیه آگست|اوت سپتمبر|سپتامبر اکتوبر|اکتبر
  نومبر|نوامبر دسمبر|دسامبر
"""
_WEEKDAYS = """
en Monday|Mon Tuesday|Tues|Tue Wednesday|Wed Thursday|Thurs|Thu Friday|Fri Saturday|Sat Sunday|Sun
th วันจันทร์|จันทร์ วันอังคาร|อังคาร วันพุธ|พุธ วันพฤหัสบดี|พฤหัสบดี|พฤหัส วันศุกร์|ศุกร์ วันเสาร์|เสาร์ วันอาทิตย์|อาทิตย์
ar الاثنين|الإثنين الثلاثاء الأربعاء|الاربعاء الخميس الجمعة السبت الأحد|الاحد
fr lundi mardi mercredi jeudi vendredi samedi dimanche
es lunes martes miércoles jueves viernes sábado domingo
pt segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado domingo
de Montag Dienstag Mittwoch Donnerstag Freitag Samstag|Sonnabend Sonntag
id Senin Selasa Rabu Kamis Jumat|Jum'at Sabtu Minggu|Ahad
ru понедельник вторник среда|среду четверг пятница|пятницу суббота|субботу воскресенье
fa دوشنبه سه‌شنبه|سهشنبه چهارشنبه پنجشنبه|پنج‌شنبه جمعه شنبه یکشنبه|یک‌شنبه
zh 星期一|周一|週一 星期二|周二|週二 星期三|周三|週三 星期四|周四|週四 星期五|周五|週五 星期六|周六|週六 星期日|星期天|周日|週日
ja 月曜日|月曜|（月）|(月) 火曜日|火曜|（火）|(火) 水曜日|水曜|（水）|(水) 木曜日|木曜|（木）|(木)
  金曜日|金曜|（金）|(金) 土曜日|土曜|（土）|(土) 日曜日|日曜|（日）|(日)
ko 월요일|(월) 화요일|(화) 수요일|(수) 목요일|(목) 금요일|(금) 토요일|(토) 일요일|(일)
"""
RELATIVE = {
    0: "today|วันนี้|اليوم|aujourd['’]hui|hoy|hoje|heute|hari ini|сегодня|امروز|今天|今日|오늘",
    1: "tomorrow|พรุ่งนี้|غدًا|غداً|غدا|demain|mañana|amanhã|morgen|besok|завтра|فردا|明天|明日|내일",
    -1: "yesterday|เมื่อวานนี้|เมื่อวาน|أمس|hier|ayer|ontem|gestern|kemarin|вчера|دیروز|昨天|昨日|어제",
}
"""Days from the day on which the post goes out, and the words for them."""

FUTURE = re.compile(
    r"\b(?:will|register|registration|join us|deadline|apply|applications close|closes|upcoming|invited?|invites|save the date|"
    r"sera|seront|aura lieu|inscri\w+|date limite|invit\w+|candidat\w+|"
    r"será|serán|tendrá lugar|fecha límite|inscrí\w+|postul\w+|"
    r"terá lugar|inscreva\w*|akan|daftar\w*|pendaftaran|mengundang|paling lambat|batas waktu|состоится|пройдёт|пройдет|"
    r"приглаша\w+|регистрация|wird|werden|findet|laden|einladen|anmeld\w+)\b"
    r"|จะจัด|จะมี|ขอเชิญ|เชิญ|สมัคร|ลงทะเบียน|ปิดรับ|กำหนดส่ง|ندعو|يدعو|تدعو|للتسجيل|سجلوا|التسجيل|الموعد النهائي|آخر موعد|"
    r"ستعقد|سيعقد|ستُعقد|سيُعقد|سوف|التقديم|خواهد شد|ثبت نام|ثبت‌نام|将于|報名|报名|開催します|参加を|개최",
    re.IGNORECASE,
)
"""Words of what is still to come."""


def _table(lines: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for line in lines.replace("\n  ", " ").strip().splitlines():
        for number, names in enumerate(line.split()[1:]):
            found |= {name.casefold(): number for name in names.split("|")}
    return found


MONTHS = {name: number + 1 for name, number in _table(_MONTHS).items()}
WEEKDAYS = _table(_WEEKDAYS)


def either(names: dict[str, int]) -> str:
    """Make an expression for any of the names, the longest first."""
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
