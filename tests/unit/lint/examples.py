"""Texts that must and must not break each rule, in English, Thai and Arabic.

They go out on Monday, 1 March 2027 at 10:05 in the campaign #BorderForum. A text that must break the rule comes with the words
that the finding has to point at.
"""

from __future__ import annotations

from typing import NamedTuple


class Examples(NamedTuple):
    """Of one rule in one language: text and words that are pointed at; and texts without a finding."""

    breaks: tuple[tuple[str, str], ...]
    keeps: tuple[str, ...]


ByLanguage = dict[str, Examples]

EXAMPLES: dict[str, ByLanguage] = {
    "hashtag-case": {
        "en": Examples(
            (
                ("No job is worth it. #stopscams", "#stopscams"),
                ("Together. #Worldrefugeeday", "#Worldrefugeeday"),
                ("Now! #STOPSCAMS", "#STOPSCAMS"),
                ("Since #2012: #endcaptivity", "#endcaptivity"),
            ),
            ("#StopScams", "#refugees", "#stopScams", "#unheardof", "#BORDERFORUM", "#EndCaptivity", "#2027"),
        ),
        "th": Examples(
            (("หยุดหลอกลวง #stopscams", "#stopscams"),),
            ("หยุดหลอกลวง #หยุดการค้ามนุษย์", "#StopScams ด้วยกัน"),
        ),
        "ar": Examples(
            (("معًا ضد الاحتيال #stopscams", "#stopscams"),),
            ("#لا_للاتجار_بالبشر", "معًا #StopScams"),
        ),
    },
    "hashtag-count": {
        "en": Examples(
            (("Join us. #one #two #three", "#three"), ("#a1 #b2 #c3 #d4", "#c3 #d4")),
            ("Join us. #one #two", "3 # 4 # 5 #"),
        ),
        "th": Examples((("ร่วมกับเรา #หนึ่ง #สอง #สาม", "#สาม"),), ("ร่วมกับเรา #หนึ่ง #สอง",)),
        "ar": Examples((("انضموا إلينا #واحد #اثنان #ثلاثة", "#ثلاثة"),), ("انضموا إلينا #واحد #اثنان",)),
    },
    "hashtag-place": {
        "en": Examples(
            (("On #RefugeeDay we remember.", "#RefugeeDay"), ("#Vacancy: a driver", "#Vacancy")),
            (
                "We remember.\n#RefugeeDay #Rights",
                "We remember. #RefugeeDay 🕊️",
                "The end #RefugeeDay\nA new line.",
                "#One https://example.org/a",
            ),
        ),
        "th": Examples((("วันนี้ #วันผู้ลี้ภัยโลก เราระลึกถึง", "#วันผู้ลี้ภัยโลก"),), ("เราระลึกถึง\n#วันผู้ลี้ภัยโลก",)),
        "ar": Examples((("في #يوم_اللاجئ نتذكر", "#يوم_اللاجئ"),), ("نتذكر اليوم\n#يوم_اللاجئ",)),
    },
    "emoji-count": {
        "en": Examples(
            (("Done 🎉👏🙌🌏", "🌏"), ("A 🚢 B 🚒 C 🚑 D 🚌 E 🚜", "🚌 E 🚜")),
            ("Done 🎉👏🙌", "Flags 🇹🇭🇻🇳🇱🇦", "A family 👨‍👩‍👧‍👦 and ™ © ✓ → •"),
        ),
        "th": Examples((("สำเร็จ 🎉👏🙌🌏", "🌏"),), ("สำเร็จ 🎉👏🙌", "ครอบครัว 👨‍👩‍👧‍👦")),
        "ar": Examples((("تم بنجاح 🎉👏🙌🌏", "🌏"),), ("تم بنجاح 🎉👏🙌", "العائلة 👨‍👩‍👧‍👦")),
    },
    "emoji-repeated": {
        "en": Examples(
            (("Great 👏👏", "👏"), ("Up 👍🏽 and 👍🏽 up", "👍🏽")), ("Great 👏🙌", "Up 👍🏽 👍🏿")
        ),
        "th": Examples((("ยอดเยี่ยม 👏👏", "👏"),), ("ยอดเยี่ยม 👏🙌",)),
        "ar": Examples((("رائع 👏👏", "👏"),), ("رائع 👏🙌",)),
    },
    "emoji-first": {
        "en": Examples(
            (("📢 The office moves.", "📢"), ("\n 1️⃣ First", "1️⃣")),
            ("The office moves 📢", "© 2027 the office"),
        ),
        "th": Examples((("📢 สำนักงานย้าย", "📢"),), ("สำนักงานย้าย 📢",)),
        "ar": Examples((("📢 ينتقل المكتب", "📢"),), ("ينتقل المكتب 📢",)),
    },
    "emoji-bullet": {
        "en": Examples(
            (("Bring:\n✅ passport\n✅ contract", "✅"), ("Bring:\n✅ passport\n📄 contract", "📄")),
            ("Bring:\n✅ passport", "Bring:\n- passport 🛂\n- contract 📄"),
        ),
        "th": Examples((("นำมา:\n✅ หนังสือเดินทาง\n✅ สัญญา", "✅"),), ("นำมา:\n- หนังสือเดินทาง\n- สัญญา ✅",)),
        "ar": Examples((("أحضروا:\n✅ جواز السفر\n✅ العقد", "✅"),), ("أحضروا:\n- جواز السفر\n- العقد ✅",)),
    },
    "emoji-word": {
        "en": Examples(
            (("We ❤️ our volunteers", "❤️"), ("Take the 🚌, then the 🚲 to work", "🚲")),
            ("Done! 🎉 Thank you.", "Ready 🎉\nnext", "We love volunteers ❤️"),
        ),
        "th": Examples((("เรา❤️อาสาสมัคร", "❤️"),), ("เรารักอาสาสมัคร ❤️ ขอบคุณ",)),
        "ar": Examples((("نحن❤️المتطوعين", "❤️"),), ("نحب المتطوعين ❤️ شكرا",)),
    },
    "keycap": {
        "en": Examples((("Step 1️⃣ of 2️⃣", "1️⃣"),), ("Step 1 of 2", "#1 and *2")),
        "th": Examples((("ขั้นที่ 1️⃣", "1️⃣"),), ("ขั้นที่ 1", "ขั้นที่ ๑")),
        "ar": Examples((("الخطوة 1️⃣", "1️⃣"),), ("الخطوة 1", "الخطوة ١")),
    },
    "styled-letters": {
        "en": Examples(
            (
                ("𝗡𝗼𝘄 𝗵𝗶𝗿𝗶𝗻𝗴 today", "𝗡𝗼𝘄 𝗵𝗶𝗿𝗶𝗻𝗴"),
                ("Ｗｉｄｅ", "Ｗｉｄｅ"),
                ("Ⓝⓔⓦ", "Ⓝⓔⓦ"),
                ("s\u0336o\u0336l\u0336d", "s\u0336o\u0336l\u0336"),
                ("ꜱᴛᴏᴘ", "ᴛᴏᴘ"),
            ),
            ("Café, naïve, 5 m², ½, №", "Blood group 🅰 or 🅱", "E = mc²", "Nguyễn Thị Ánh"),
        ),
        "th": Examples((("รับสมัคร 𝗡𝗼𝘄", "𝗡𝗼𝘄"),), ("รับสมัครเจ้าหน้าที่ ป.ตรี ๑๒ อัตรา",)),
        "ar": Examples((("وظائف 𝗡𝗼𝘄", "𝗡𝗼𝘄"),), ("تُعقَدُ الجلسةُ الخِتاميّة شكــرًا ﷺ",)),
    },
    "mixed-letters": {
        "en": Examples(
            (("The Mіnister spoke", "Mіnister"), ("ΑSEAN", "ΑSEAN")),
            ("The Minister spoke in Москва and Αθήνα", "β-carotene, µm, Ω"),
        ),
        "th": Examples((("ตามประกาศ Вank", "Вank"),), ("ตามประกาศ Bank และ Банк",)),
        "ar": Examples((("بيان من Вank", "Вank"),), ("بيان من Bank و Банк",)),
    },
    "invisible": {
        "en": Examples(
            (
                ("soft\u00adhyphen", "\u00ad"),
                ("zero\u200bwidth", "\u200b"),
                ("over\u202eride", "\u202e"),
                ("mark\u200f here", "\u200f"),
                ("bom\ufeff", "\ufeff"),
            ),
            ("no\u00a0break, thin\u202fspace", "👩\u200d👩\u200d👧 family"),
        ),
        "th": Examples(
            (("ประกาศ\u202eกลับ", "\u202e"), ("ข่าว bom\ufeff", "\ufeff")), ("เจ้าหน้าที่\u200bตรวจ\u200bคน",)
        ),
        "ar": Examples(
            (("بيان \u2067مفتوح", "\u2067"), ("بيان\u202bنص\u202c", "\u202b")),
            ("العربية\u200f (EN) \u2067نص\u2069", "می\u200cشود"),
        ),
    },
    "mangled": {
        "en": Examples(
            (("Itâ€™s time", "â€"), ("cafÃ© time", "Ã©"), ("caf\ufffd is out", "\ufffd")),
            (
                "Ça coûte 5 € à Orléans : « Âge », ÂGE",
                "SÃO PAULO: informação, AÇÃO, 1.º ano, MANHÃ»",
                "VIỆT NAM: Ấn phẩm, CÂU, TÂN",
                "Ísland: Á þingi, ðagur",
            ),
        ),
        "th": Examples((("ข่าว\ufffd", "\ufffd"), ("ข่าว Â©", "Â©")), ("ข่าว © 5 €",)),
        "ar": Examples((("خبر\ufffd", "\ufffd"), ("خبر â€œ", "â€")), ("خبر “نص” 5 €",)),
    },
    "symbol-art": {
        "en": Examples(
            (
                ("News\n=======\nnow", "======="),
                ("Look ➡ ►►►► here", "►►►►"),
                ("¯\\_(ツ)_/¯ who knows", "¯\\_(ツ)_/¯"),
            ),
            ("Wait... what?!", "A — B -- C", "2 > 1, 3 | 4", "***"),
        ),
        "th": Examples((("ข่าว\n*****\nวันนี้", "*****"),), ("ข่าว... วันนี้ — พรุ่งนี้",)),
        "ar": Examples((("خبر\n-----\nاليوم", "-----"),), ("خبر... اليوم — غدًا",)),
    },
    "shouting": {
        "en": Examples(
            (
                ("URGENT NOTICE for all", "URGENT NOTICE"),
                ("Please APPLY today", "APPLY"),
                ("IMPORTANT: read", "IMPORTANT"),
            ),
            (
                "The UN, the EU and UNHCR",
                "The DTAC met",
                "Ms Retno MARSUDI spoke",
                "COP32 and G20",
                "HIV/AIDS",
                "Rama IX",
            ),
        ),
        "th": Examples((("ประกาศ URGENT NOTICE วันนี้", "URGENT NOTICE"),), ("ประกาศของ UNHCR วันนี้",)),
        "ar": Examples((("إعلان URGENT NOTICE اليوم", "URGENT NOTICE"),), ("إعلان من UNHCR اليوم",)),
    },
    "acronym": {
        "en": Examples(
            (("The DTAC will meet", "DTAC"), ("A new MSWG (see below) and a DTAC", "DTAC")),
            (
                "The Digital Travel Advisory Council (DTAC) met. The DTAC will meet.",
                "DTAC (Digital Travel Advisory Council)",
                "The UN and the EU",
                "The Department of Special Investigation and the DSI",
                "A/RES/76, ISO 9001",
                "OFX is ours",
            ),
        ),
        "th": Examples(
            (("คณะกรรมการ DTAC ประชุม", "DTAC"),),
            ("สภาที่ปรึกษาการเดินทางดิจิทัล (DTAC) ประชุม แล้ว DTAC รายงาน", "สำนักงาน UNODC"),
        ),
        "ar": Examples(
            (("اجتمع مجلس DTAC", "DTAC"),), ("المجلس الاستشاري للسفر الرقمي (DTAC)", "مكتب UNODC")
        ),
    },
    "long-sentence": {
        "en": Examples(
            ((" ".join(["word"] * 26) + ".", " ".join(["word"] * 26) + "."),),
            (" ".join(["word"] * 25) + ". " + " ".join(["more"] * 25) + ".",),
        ),
        "th": Examples((("รายงาน" * 30, "รายงาน" * 30),), (" ".join(["รายงานผลการประชุม"] * 30),)),
        "ar": Examples(
            ((" ".join(["كلمة"] * 26), " ".join(["كلمة"] * 26)),),
            (" ".join(["كلمة"] * 25) + "؟ " + " ".join(["كلمة"] * 25),),
        ),
    },
    "wall-of-text": {
        "en": Examples(
            (("A sentence of words. " * 10 + "End", "A sentence of words. " * 10 + "End"),),
            ("A sentence of words. " * 9, ("A sentence of words. " * 10).replace(". ", ".\n", 1)),
        ),
        "th": Examples((("รายงานผลการประชุม" * 14, "รายงานผลการประชุม" * 14),), ("รายงานผลการประชุม",)),
        "ar": Examples(
            (("تقرير عن الاجتماع " * 12 + "انتهى", "تقرير عن الاجتماع " * 12 + "انتهى"),),
            ("تقرير عن الاجتماع",),
        ),
    },
    "link-count": {
        "en": Examples(
            (("See https://example.org/a and https://example.org/b", "https://example.org/b"),),
            ("See https://example.org/a", "See a.b"),
        ),
        "th": Examples(
            (("ดู https://example.org/a และ https://example.org/b", "https://example.org/b"),),
            ("ดู https://example.org/a",),
        ),
        "ar": Examples(
            (("انظر https://example.org/a و https://example.org/b", "https://example.org/b"),),
            ("انظر https://example.org/a",),
        ),
    },
    "bare-link": {
        "en": Examples(
            (
                ("https://example.org/a", "https://example.org/a"),
                ("More: https://example.org/a #News", "https://example.org/a"),
            ),
            ("Read the report: https://example.org/a", "More"),
        ),
        "th": Examples(
            (("ดู https://example.org/a", "https://example.org/a"),), ("อ่านรายงาน https://example.org/a",)
        ),
        "ar": Examples(
            (("هنا https://example.org/a", "https://example.org/a"),),
            ("اقرأ التقرير السنوي https://example.org/a",),
        ),
    },
    "http-link": {
        "en": Examples(
            (("Read http://example.org/a", "http://example.org/a"),),
            ("Read https://example.org/http://x", "HTTP is old"),
        ),
        "th": Examples(
            (("อ่าน http://example.org/a", "http://example.org/a"),), ("อ่าน https://example.org/a",)
        ),
        "ar": Examples(
            (("اقرأ http://example.org/a", "http://example.org/a"),), ("اقرأ https://example.org/a",)
        ),
    },
    "short-link": {
        "en": Examples(
            (
                ("Read https://bit.ly/x", "https://bit.ly/x"),
                ("Read https://www.tinyurl.com/x", "https://www.tinyurl.com/x"),
            ),
            ("Read https://example.org/bit.ly", "https://orbit.ly/x"),
        ),
        "th": Examples((("อ่าน https://bit.ly/x", "https://bit.ly/x"),), ("อ่าน https://www.example.go.th/x",)),
        "ar": Examples((("اقرأ https://bit.ly/x", "https://bit.ly/x"),), ("اقرأ https://www.example.org/x",)),
    },
    "private-link": {
        "en": Examples(
            (
                ("At http://localhost:8000/x now", "http://localhost:8000/x"),
                ("https://192.168.1.7/a", "https://192.168.1.7/a"),
                ("https://intranet/x", "https://intranet/x"),
                ("https://files.office.local/x", "https://files.office.local/x"),
                ("https://ann:secret@example.org/x", "https://ann:secret@example.org/x"),
                ("https://docs.google.com/document/d/1/edit", "https://docs.google.com/document/d/1/edit"),
                ("https://staging.example.org/x", "https://staging.example.org/x"),
            ),
            (
                "https://example.org/localhost",
                "https://docs.google.com/forms/d/1/viewform",
                "https://www.stagingpost.org/",
                "https://172.15.0.1/",
            ),
        ),
        "th": Examples((("ดู http://localhost/x", "http://localhost/x"),), ("ดู https://www.example.go.th/x",)),
        "ar": Examples(
            (("انظر http://localhost/x", "http://localhost/x"),), ("انظر https://www.example.org/x",)
        ),
    },
    "look-alike-link": {
        "en": Examples(
            (("Pay at https://раypal.com/a now", "https://раypal.com/a"),),
            ("Pay at https://paypal.com/a", "https://пример.рф/a", "https://münchen.de/"),
        ),
        "th": Examples(
            (("ชำระที่ https://раypal.com/a", "https://раypal.com/a"),), ("ชำระที่ https://paypal.com/a",)
        ),
        "ar": Examples(
            (("ادفع على https://раypal.com/a", "https://раypal.com/a"),), ("ادفع على https://paypal.com/a",)
        ),
    },
    "auto-link": {
        "en": Examples(
            (("More at baliprocess.net today", "baliprocess.net"), ("on 3 May.New tables", "May.New")),
            ("More at https://baliprocess.net", "Write to help@example.org", "Figures for 3.5 and e.g. this"),
        ),
        "th": Examples(
            (("ดู baliprocess.net", "baliprocess.net"),), ("ดู https://baliprocess.net", "ก.พ. และ มี.ค.")
        ),
        "ar": Examples((("انظر baliprocess.net", "baliprocess.net"),), ("انظر https://baliprocess.net",)),
    },
    "link": {
        "en": Examples((("More at example.kids today", "example.kids"),), ("More at example.org today",)),
        "th": Examples((("ดู example.kids", "example.kids"),), ("ดู example.org",)),
        "ar": Examples((("انظر example.kids", "example.kids"),), ("انظر example.org",)),
    },
    "unknown-handle": {
        "en": Examples(
            (("Thanks to @Nobody and @UNODC", "@Nobody"),),
            ("Thanks to @unodc and @BaliProcessRSO", "help@example.org"),
        ),
        "th": Examples((("ขอบคุณ @Nobody", "@Nobody"),), ("ขอบคุณ @UNODC",)),
        "ar": Examples((("شكرًا @Nobody", "@Nobody"),), ("شكرًا @UNODC",)),
    },
    "mention-first": {
        "en": Examples((("@UNODC opens", "@UNODC"),), ("Today @UNODC opens", ".@UNODC opens")),
        "th": Examples((("@UNODC เปิดสำนักงาน", "@UNODC"),), ("วันนี้ @UNODC เปิดสำนักงาน",)),
        "ar": Examples((("@UNODC يفتح", "@UNODC"),), ("يفتح @UNODC مكتبًا",)),
    },
    "term": {
        "en": Examples(
            (
                ("14 Illegal migrants found", "Illegal migrants"),
                ("an illegal  migrant", "illegal  migrant"),
                ("illegal\nmigrant", "illegal\nmigrant"),
            ),
            (
                "illegal fishing by migrants",
                "illegalmigrant",
                "https://example.org/illegal-migrant",
                "a paranormal event",
            ),
        ),
        "th": Examples((("ช่วยแรงงานต่างด้าว14คน", "แรงงานต่างด้าว"),), ("ช่วยแรงงานข้ามชาติ 14 คน",)),
        "ar": Examples(
            (
                ("أوقفت المهاجرين غير الشرعيين", "المهاجرين غير الشرعيين"),
                ("للمهاجرين غير الشرعيّين", "للمهاجرين غير الشرعيّين"),
                ("مهـاجرين غير شرعيين", "مهـاجرين غير شرعيين"),
            ),
            ("المهاجرون في وضع غير نظامي", "اجتماع غير شرعي"),
        ),
    },
    "placeholder": {
        "en": Examples(
            (
                ("XX delegates met", "XX"),
                ("The venue is TBC", "TBC"),
                ("Dear {name}, hello", "{name}"),
                ("{{ body }}", "{{ body }}"),
                ("See [insert link]", "[insert link]"),
                ("Draft: the plan", "Draft:"),
                ("(draft) The plan", "(draft)"),
                ("Lorem ipsum dolor", "Lorem ipsum"),
                ("at xx:xx today", "xx:xx"),
                ("Name: ____", "____"),
                ("Rate: #N/A", "#N/A"),
            ),
            (
                "The draft law is read",
                "They draft a plan",
                "Twenty (20) seats",
                "[sic]",
                "the XXI century",
                "File visa_form_b.pdf",
                "Really??",
            ),
        ),
        "th": Examples(
            (("(ร่าง) กำหนดการ", "(ร่าง)"), ("ร่าง: กำหนดการ", "ร่าง:"), ("มีผู้แทน XX คน", "XX")),
            ("ร่างกฎหมายเข้าสภา", "ยกร่างแผน"),
        ),
        "ar": Examples(
            (("(مسودة) جدول الأعمال", "(مسودة)"), ("حضر XX مندوبًا", "XX")), ("مسودة القانون أمام البرلمان",)
        ),
    },
    "double-space": {
        "en": Examples(
            (("two  spaces", "  "), ("no\u00a0 break", "\u00a0 ")),
            ("one space", "line  \n  next", "indent:\n  item"),
        ),
        "th": Examples((("สอง  ช่อง", "  "),), ("หนึ่ง ช่อง",)),
        "ar": Examples((("كلمة  كلمة", "  "),), ("كلمة كلمة",)),
    },
    "markup": {
        "en": Examples(
            (
                ("**Bold** word", "**Bold**"),
                ("[here](https://example.org/)", "[here](https://example.org/)"),
                ("<b>Bold</b>", "<b>"),
                ("Fish &amp; chips", "&amp;"),
                ("## Title", "## "),
            ),
            ("2 * 3 * 4", "a < b and c > d", "Q&A; R&D", "[1] see below", "#1 priority", "visa_form__2.pdf"),
        ),
        "th": Examples((("**สำคัญ** อ่าน", "**สำคัญ**"),), ("สำคัญ * อ่าน",)),
        "ar": Examples((("**هام** اقرأ", "**هام**"),), ("هام * اقرأ",)),
    },
    "weekday": {
        "en": Examples(
            (
                ("On Monday, 9 March 2027", "Monday, 9 March 2027"),
                ("On Mon 9 March", "Mon 9 March"),
                ("March 9, 2027 (Monday)", "March 9, 2027 (Monday"),
                ("Friday the 3rd of April", "Friday the 3rd of April"),
                ("Sunday 2027-03-09", "Sunday 2027-03-09"),
            ),
            (
                "On Tuesday, 9 March 2027",
                "Monday: report. 9 March: hearing",
                "On Tuesday 9 February",
                "Monday 3 to Friday 7 May",
                "Mon–Fri, 9 March",
                "Sunday roast on 9 March",
                "Students under 24 may sun themselves",
            ),
        ),
        "th": Examples(
            (
                ("วันจันทร์ที่ 9 มีนาคม 2570", "วันจันทร์ที่ 9 มีนาคม 2570"),
                ("วันจันทร์ที่ ๙ มี.ค. ๒๕๗๐", "วันจันทร์ที่ ๙ มี.ค. ๒๕๗๐"),
            ),
            ("วันอังคารที่ 9 มีนาคม 2570", "วันจันทร์นี้ และวันที่ 9 มีนาคม"),
        ),
        "ar": Examples(
            (
                ("يوم الاثنين 9 مارس 2027", "الاثنين 9 مارس 2027"),
                ("الاثنين، ٩ آذار ٢٠٢٧", "الاثنين، ٩ آذار ٢٠٢٧"),
            ),
            ("يوم الثلاثاء 9 مارس 2027", "يوم الاثنين، ثم في 9 مارس"),
        ),
    },
    "relative-day": {
        "en": Examples(
            (
                ("It closes tomorrow, 4 March", "tomorrow, 4 March"),
                ("today (Tuesday)", "today (Tuesday"),
                ("Yesterday, 1 March", "Yesterday, 1 March"),
            ),
            ("It closes tomorrow, 2 March", "today (Monday)", "It opens today and closes on 9 March"),
        ),
        "th": Examples(
            (("พรุ่งนี้ (4 มีนาคม)", "พรุ่งนี้ (4 มีนาคม"), ("วันนี้ วันอังคาร", "วันนี้ วันอังคาร")),
            ("พรุ่งนี้ (2 มีนาคม)", "เปิดวันนี้ ปิด 9 มีนาคม"),
        ),
        "ar": Examples(
            (("غدًا 4 مارس", "غدًا 4 مارس"), ("اليوم الثلاثاء", "اليوم الثلاثاء")),
            ("غدًا 2 مارس", "يبدأ اليوم وينتهي في 9 مارس"),
        ),
    },
    "event-past": {
        "en": Examples(
            (
                ("Register by 26 February.", "26 February"),
                ("The talk will be on 28 February 2027", "28 February 2027"),
            ),
            (
                "Register by 1 March.",
                "The talk was on 26 February.",
                "The talk was on 26 February. Register now.",
                "The treaty of 3 May 2000 will be read",
                "Students under 24 may apply",
            ),
        ),
        "th": Examples(
            (("ขอเชิญร่วมงานวันที่ 26 กุมภาพันธ์", "26 กุมภาพันธ์"),),
            ("ขอเชิญร่วมงานวันที่ 3 มีนาคม", "จัดงานแล้วเมื่อวันที่ 26 กุมภาพันธ์"),
        ),
        "ar": Examples(
            (("آخر موعد للتسجيل 26 فبراير", "26 فبراير"),),
            ("آخر موعد للتسجيل 3 مارس", "عُقد الاجتماع في 26 فبراير"),
        ),
    },
    "clock-zone": {
        "en": Examples(
            (("It starts at 3 pm.", "3 pm"), ("From 10:30 a.m. on", "10:30 a.m.")),
            ("It starts at 3 pm UTC.", "At 3 pm Bangkok time", "At 15:00", "I am proud of the 3 amendments"),
        ),
        "th": Examples(
            (("เริ่มบ่าย 2 โมง", "บ่าย 2"), ("พบกัน 3 ทุ่ม", "3 ทุ่ม")),
            ("เริ่มเวลา 14.00 น.", "บ่าย 2 โมงตามเวลาประเทศไทย"),
        ),
        "ar": Examples((("الساعة 3 مساءً", "3 مساءً"),), ("الساعة 3 مساءً بتوقيت بانكوك", "الساعة 15:00")),
    },
    "language": {
        "en": Examples(
            (("สำนักงานปิดทำการวันจันทร์", ""), ("Le rapport des ministres est publié dans la région", "")),
            ("The office of the Département des affaires étrangères is closed", "Hello!", "Selamat datang"),
        ),
        "th": Examples(
            (("The office is closed on Monday", ""),), ("สำนักงาน Regional Support Office ปิด", "OK")
        ),
        "ar": Examples(
            (("The office is closed on Monday", ""), ("گزارش سالانهٔ ما دربارهٔ پناهجویان منتشر شد", "")),
            ("مكتب Regional Support Office مغلق اليوم",),
        ),
    },
    "nearly-full": {
        "en": Examples((("x" * 276, ""),), ("x" * 270, "x" * 281)),
        "th": Examples((("ก" * 276, ""),), ("ก" * 270,)),
        "ar": Examples((("ب" * 276, ""),), ("ب" * 270,)),
    },
    "campaign-hashtag": {
        "en": Examples(
            (
                ("Now. #BorderForums", "#BorderForums"),
                ("Now. #borderforum", "#borderforum"),
                ("Now.x#BorderForum", "#BorderForum"),
                ("Nothing", ""),
            ),
            (
                "Now.\n#BorderForum",
                "Now. #BorderForum #Rights #OurForumOfManyBordersAndSeas",
                "#BorderForum, now",
                "(#BorderForum)",
            ),
        ),
        "th": Examples(
            (("วันนี้ #BorderFourm", "#BorderFourm"), ("วันนี้#BorderForum", "#BorderForum")), ("วันนี้ #BorderForum",)
        ),
        "ar": Examples((("اليوم #BorderFourm", "#BorderFourm"),), ("اليوم #BorderForum",)),
    },
}
