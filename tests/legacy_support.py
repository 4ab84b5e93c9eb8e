"""Legacy documents as teams have them: forty, of eight shapes."""

PLACES = ("Depot Nord", "Hub 7", "Lane 4", "Gate 12", "Van pool", "Locker wall")
TROUBLES = (
    "labels came out blank",
    "scanner dark",
    "tours not planned",
    "refunds late",
    "doors shut",
)


def headings(day, title):
    return f"{day}-a.md", (
        f"# {day}, {title}\n\n## Timeline\n\nAll times in CET\n\n### {day} 14:03\n\nIt starts.\n\n"
        "### ~14:20\n\nPeople call.\n\n### 15:00\n\nIt is over.\n\n## Action items\n\n- Watch it\n"
    )


def table(day, title):
    return f"{day.replace('-', '')} {title}.md", (
        f"# Incident: {title}\n\n| Field | Value |\n|---|---|\n| Severity | SEV-2 |\n| IC | @depot-lead |\n\n"
        "## Timeline\n\n| Time (UTC) | Event |\n|---|---|\n| 14:03 | It starts |\n| ca. 14:20 | People call |\n"
        "| 15:00 | It is over |\n\n## Follow-ups\n\n| Task | Owner |\n|---|---|\n| Watch it | @depot-team |\n"
    )


def bullets(day, title):
    return f"notes/{day}.markdown", (
        f"# {title} ({day})\n\n- **Severity:** SEV3\n- **IC:** @hub-lead\n\n## What happened\n\n{title}.\n\n"
        "## Timeline (CET)\n\n- **14:03** – it starts\n- **about 14:20** – people call\n- **15:00** – it is over\n\n"
        "## Next actions\n\n- [ ] Watch it (@hub-team)\n"
    )


def jekyll(day, title):
    return f"posts/{day}-{title.replace(' ', '-')}.md", (
        f"---\nlayout: postmortem\ntitle: {title}\ndate: {day}\n---\n\n## Timeline\n\n"
        "- 14:03 UTC: it starts\n- 14:20 UTC?: people call\n- 15:00 UTC: it is over\n\n"
        "## 🚀 Action items\n\n1. Watch it\n"
    )


def two_titles(day, title):
    year, month, number = day.split("-")
    return f"{year}/{month}/{number}_{title.replace(' ', '_')}.md", (
        f"# Incident report\n\n# {title}\n\n**Date:** {day}\n\n## 🕑 Timeline\n\nTimes in Europe/Berlin\n\n"
        "14:03\nIt starts\n\n2X:XX\nPeople call\n\n15:00\nIt is over\n\n## Remediation\n\n* Watch it\n"
    )


def german(day, title):
    year, month, number = day.split("-")
    return f"{day} Störung.md", (
        f"# Störungsbericht: {title}\n\n**Schweregrad:** SEV-1\n**Datum:** {number}.{month}.{year}\n\n"
        "## Zeitlicher Ablauf\n\nAlle Zeiten in MEZ\n\n- 14:03 Uhr – es beginnt\n- gegen 14:20 – Anrufe\n"
        "- 15:00 Uhr – vorbei\n\n## Maßnahmen\n\n- Beobachten (@depot-team)\n"
    )


def japanese(day, title):
    year, month, number = map(int, day.split("-"))
    return f"{day}-障害.md", (
        f"# 障害報告：{title}\n\n**発生日：** {year}年{month}月{number}日\n\n## 時系列\n\n時刻はすべて日本時間\n\n"
        "- 14時03分 始まる\n- 14時20分頃 電話が来る\n- 15:00 終わる\n\n## 再発防止策\n\n- [ ] 見張る\n"
    )


def bare(day, title):
    return f"{day}-bare.md", (
        f"{title} again.\n\n- 14:03 UTC it starts\n- ~14:20 UTC people call\n- 15:00 UTC it is over\n\n"
        "**Action items**\n\n- Watch it\n"
    )


SHAPES = (headings, table, bullets, jekyll, two_titles, german, japanese, bare)


def forty_documents():
    """Return the documents by path, and the day of each by path."""
    files, days = {}, {}
    for number in range(40):
        day = f"20{18 + number % 5}-{1 + number % 12:02}-{1 + number % 28:02}"
        title = f"{PLACES[number % 6]} {TROUBLES[number % 5]}"
        name, text = SHAPES[number % 8](day, title)
        files[f"incidents/{name}"], days[f"incidents/{name}"] = text, day
    return files, days
