"""Sentences of a communications team, in the languages that it writes: material of the tests beside it."""

from __future__ import annotations

import tomllib
from pathlib import Path

SENTENCES = {
    "en": "The Outcome Report of our 10th Border and Technology Forum is out – 88 delegates from 24 States took part.",
    "th": "รายงานผลการประชุมว่าด้วยชายแดนและเทคโนโลยีเผยแพร่แล้ว ผู้แทน 88 คนจาก 24 ประเทศสมาชิกร่วมหารือที่กรุงเทพฯ",
    "lo": "ກອງປະຊຸມກ່ຽວກັບຊາຍແດນແລະເຕັກໂນໂລຊີໄດ້ຈັດຂຶ້ນຢູ່ບາງກອກ ມີຜູ້ແທນ 88 ຄົນຈາກ 24 ປະເທດເຂົ້າຮ່ວມ",
    "km": "របាយការណ៍លទ្ធផលនៃវេទិកាស្តីពីព្រំដែននិងបច្ចេកវិទ្យាត្រូវបានចេញផ្សាយ។ មានប្រតិភូ ៨៨ នាក់ចូលរួមនៅបាងកក",
    "my": "နယ်စပ်နှင့်နည်းပညာဖိုရမ်၏ရလဒ်အစီရင်ခံစာကိုထုတ်ပြန်လိုက်ပြီ။ ကိုယ်စားလှယ် ၈၈ ဦးတက်ရောက်ခဲ့သည်။",
    "zh": "第十届边境与技术论坛成果报告已发布，来自24个成员国的88名代表在曼谷讨论了如何用技术打击人口贩运。",
    "ja": "第10回国境技術フォーラムの成果報告書が公開されました。バンコクで88人の代表が「技術」について議論しました。",
    "ko": "제10회 국경 및 기술 포럼 결과 보고서가 발표되었습니다. 방콕에서 대표 88명이 기술에 대해 논의했습니다.",
    "ar": "صدر تقرير نتائج المنتدى العاشر للحدود والتكنولوجيا، وشارك فيه 88 مندوبا من 24 دولة عضو في بانكوك.",
    "ru": "Опубликован итоговый отчёт десятого форума о границах и технологиях: в Бангкоке собрались 88 делегатов.",
    "fr": "Le rapport final du dixième forum « Frontières et technologies » est paru : 88 délégués s’étaient réunis.",
    "es": "Ya está publicado el informe del décimo foro sobre fronteras y tecnología; ¿qué dijeron los 88 delegados?",
    "id": "Laporan hasil forum kesepuluh tentang perbatasan dan teknologi telah terbit: 88 delegasi hadir di Bangkok.",
    "fa-AF": "گزارش دهمین مجمع سرحدات و فناوری نشر شد. ۸۸ نماینده از ۲۴ کشور عضو در بانکوک گفتگو کردند.",
}
# Languages that put no white space between words.
UNSPACED = ("th", "lo", "km", "my", "zh", "ja")
# What a body may hold besides words, and what no cut may split.
WHOLES = (
    "https://www.baliprocess.net/regional-support-office/",
    "baliprocess.net/a_(b)-",
    "#RSOtenyears",
    "#ชายแดนไทย",
    "@baliprocessrso",
    "$RSO",
    "👨‍👩‍👧‍👦",
    "🫱🏽‍🫲🏿",
    "🇹🇭",
    "👍🏽",
    "5️⃣",
    "e\u0301\u0323",
)

with (Path(__file__).parent / "announcements.toml").open("rb") as file:
    _WRITTEN = tomllib.load(file)
# Whole announcements by language, and the sentences of which each consists.
ANNOUNCEMENTS: dict[str, list[str]] = {language: each["sentences"] for language, each in _WRITTEN.items()}


def announcement(language: str) -> str:
    """One long text, as its author wrote it."""
    between: str = _WRITTEN[language]["between"]
    return between.join(ANNOUNCEMENTS[language])
