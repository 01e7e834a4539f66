#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Alter mails as people and programs on their way do, and see whether they are still read alike.

usage: altered.py [--command PATH] [--mails FOLDER]... [--misses] [--check] [--record]

Each mail that is a report is read as it is and after each change below; whom it names, with which status and in
which category, must remain. Without --mails: tests/mail, and the corpus beside the project if it is there.

--misses   names each mail that a change makes read otherwise
--check    fails when a share is below its floor in floors.tsv
--record   sets each floor to one point, or three mails, under what is measured

"as-is" holds the readings of tests/mail against the categories of tests/mail/expected.tsv.
"""
import base64
import csv
import email
import email.header
import email.policy
import html
import json
import os
import quopri
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
FLOORS = os.path.join(HERE, "floors.tsv")
REPORTS = {"bounce", "delay", "delivered", "relayed", "expanded", "complaint", "auto-reply"}
FIGURES = ("recipient", "status", "category")
CHARSETS = ("iso-8859-15", "windows-1250", "koi8-r", "euc-jp", "gb18030", "euc-kr", "iso-8859-9", "utf-16")

FOOTER = "\n-- \nKim Footer, Example Ltd\nkim.footer@firm.example\nTel. +49 30 550 4217\n"
LEGAL = ("\nThis e-mail is confidential. If you are not the intended recipient, please notify\n"
         "security@firm.example and delete it. The message was checked for viruses.\n")
LIST = ("\n_______________________________________________\nBounces mailing list\nbounces@lists.example\n"
        "https://lists.example/mailman/listinfo/bounces\n")
BANNER = "CAUTION: This email originated from outside of the organization. Do not click links.\n\n"


class Unfit(Exception):
    """The change can't be made to this mail."""


def parsed(data):
    message = email.message_from_bytes(data, policy=email.policy.compat32)
    if message.defects or message["Content-Type"] is None and not message.get_payload():
        raise Unfit
    return message


def leaves(message):
    """The texts for people of the report itself, not those of what it returns."""
    if message.is_multipart():
        if message.get_content_type() == "message/rfc822":
            return
        for part in message.get_payload():
            yield from leaves(part)
    elif message.get_content_type() in ("text/plain", "text/html"):
        yield message


def words_of(part):
    charset = part.get_content_charset() or "us-ascii"
    try:
        return part.get_payload(decode=True).decode(charset)
    except (LookupError, UnicodeDecodeError, AttributeError) as problem:
        raise Unfit from problem


def put_words(part, words, charset="utf-8", encoding="base64", subtype=None):
    subtype = subtype or part.get_content_subtype()
    del part["Content-Transfer-Encoding"]
    del part["Content-Type"]
    del part["MIME-Version"]
    part["MIME-Version"] = "1.0"
    part["Content-Type"] = f'text/{subtype}; charset="{charset}"'
    raw = words.encode(charset)
    part["Content-Transfer-Encoding"] = encoding
    coded = base64.encodebytes(raw) if encoding == "base64" else quopri.encodestring(raw)
    part.set_payload(coded.decode("ascii"))


def each_text(data, change):
    """Applies change(part) to every text for people; Unfit where there is none."""
    message = parsed(data)
    count = 0
    for part in leaves(message):
        change(part)
        count += 1
    if count == 0:
        raise Unfit
    return message.as_bytes()


def first_text(data, change):
    message = parsed(data)
    for part in leaves(message):
        if words_of(part).strip():
            change(part)
            return message.as_bytes()
    raise Unfit


def header_end(data):
    at = data.find(b"\n\n")
    if at < 0:
        raise Unfit
    return at


def without_machine_part(data):
    message = parsed(data)
    if message.get_content_type() != "multipart/report":
        raise Unfit
    kept = [p for p in message.get_payload()
            if p.get_content_type() not in ("message/delivery-status", "message/global-delivery-status")]
    if len(kept) == len(message.get_payload()) or not any(leaves(message)):
        raise Unfit
    message.set_payload(kept)
    return message.as_bytes()


def cover(data, note):
    return (b"Return-Path: <paula@firm.example>\nFrom: Paula <paula@firm.example>\nTo: bounces@firm.example\n"
            b"Subject: Fwd: see there\nDate: Tue, 4 Mar 2025 10:00:00 +0000\nMIME-Version: 1.0\n"
            b"Content-Type: multipart/mixed; boundary=\"=_cover\"\n\n--=_cover\nContent-Type: text/plain\n\n" + note +
            b"\n--=_cover\nContent-Type: message/rfc822\nContent-Disposition: attachment\n\n" + data +
            b"\n--=_cover--\n")


def attached(data):
    return cover(data, b"Please see the attached mail.\n")


def attached_alone(data):
    return cover(data, b"")


def decoded(message, name):
    value = message.get(name, "")
    try:
        return str(email.header.make_header(email.header.decode_header(value)))
    except (LookupError, UnicodeDecodeError, ValueError) as problem:
        raise Unfit from problem


NAMES = ("From", "Date", "Subject", "To")
# How mail programs head what they forward in the text: the line above, and the names of the fields.
OUTLOOK = [
    ("-----Original Message-----", "From:", "Sent:", "Subject:", "To:"),
    ("-----Ursprüngliche Nachricht-----", "Von:", "Gesendet:", "Betreff:", "An:"),
    ("________________________________", "De :", "Envoyé :", "Objet :", "À :"),
    ("-----Mensaje original-----", "De:", "Enviado el:", "Asunto:", "Para:"),
    ("", "De:", "Enviada em:", "Assunto:", "Para:"),
    ("-----Messaggio originale-----", "Da:", "Inviato:", "Oggetto:", "A:"),
    ("________________________________", "Van:", "Verzonden:", "Onderwerp:", "Aan:"),
    ("-----Original Message-----", "Od:", "Wysłano:", "Temat:", "Do:"),
    ("", "差出人:", "送信日時:", "件名:", "宛先:"),
    ("-----邮件原件-----", "发件人:", "发送时间:", "主题:", "收件人:"),
]
APPLE = [
    ("Begin forwarded message:", "From:", "Date:", "Subject:", "To:"),
    ("Anfang der weitergeleiteten Nachricht:", "Von:", "Datum:", "Betreff:", "An:"),
    ("Début du message réexpédié :", "De:", "Date:", "Objet:", "À:"),
    ("Inicio del mensaje reenviado:", "De:", "Fecha:", "Asunto:", "Para:"),
    ("Inizio messaggio inoltrato:", "Da:", "Data:", "Oggetto:", "A:"),
    ("Begin doorgestuurd bericht:", "Van:", "Datum:", "Onderwerp:", "Aan:"),
    ("転送されたメッセージ:", "差出人:", "日付:", "件名:", "宛先:"),
]


def forwarded(data, above, fields, change=lambda text: text, subtype="plain"):
    """The words of a report, below the fields of its header that a mail program shows."""
    message = parsed(data)
    texts = [p for p in leaves(message) if p.get_content_subtype() == "plain"]
    if not texts:
        raise Unfit
    head = (above + "\n" if above else "") + "".join(
        f"{shown} {decoded(message, name)}\n" for name, shown in zip(NAMES, fields) if message.get(name))
    top = (b"From: Paula <paula@firm.example>\nTo: bounces@firm.example\nSubject: Fwd: see below\nMIME-Version: 1.0\n"
           b"Content-Type: text/" + subtype.encode() + b"; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n")
    return top + change(head + "\n" + words_of(texts[0])).encode("utf-8", "replace")


def inline(data):
    """As mail programs forward in the text, with nothing above it."""
    return forwarded(data, "---------- Forwarded message ---------", [name + ":" for name in NAMES])


def inline_outlook(data):
    above, *fields = OUTLOOK[len(data) % len(OUTLOOK)]
    return forwarded(data, above, fields)


def quoted(text):
    return "".join(f"> {line}".rstrip() + "\n" for line in text.rstrip("\n").split("\n"))


def inline_apple(data):
    """What is forwarded is quoted."""
    above, *fields = APPLE[len(data) % len(APPLE)]
    return forwarded(data, "", fields, lambda text: above + "\n\n" + quoted(text))


def inline_reply(data):
    """Quoted as for an answer, but nothing is answered."""
    message = parsed(data)
    sender = decoded(message, "From")
    return forwarded(data, "", (), lambda text: f"On Tue, 4 Mar 2025, {sender} wrote:\n\n" + quoted(text.lstrip("\n")))


def wrapped(text, width=72):
    lines = []
    for line in text.split("\n"):
        while len(line) > width and " " in line[1:width].strip():
            at = line.rindex(" ", 0, width)
            if not line[:at].strip():
                break
            lines.append(line[:at])
            line = line[at + 1:]
        lines.append(line)
    return "\n".join(lines)


def inline_wrapped(data):
    return forwarded(data, "---------- Forwarded message ---------", [name + ":" for name in NAMES], wrapped)


def inline_html(data):
    def change(text):
        head, _, body = text.partition("\n\n")
        rows = [html.escape(row) for row in head.split("\n")]
        rows = [re.sub(r"^([^:]{1,20}:)", r"<b>\1</b>", row) for row in rows]
        body = "<br>\n".join(html.escape(line).replace("  ", " &nbsp;") for line in body.split("\n"))
        return ("<html><body><div dir=\"ltr\"><br></div><blockquote type=\"cite\"><div>" + "<br>".join(rows) +
                "<br></div><br><div>" + body + "</div></blockquote></body></html>\n")
    above, *fields = OUTLOOK[len(data) % len(OUTLOOK)]
    return forwarded(data, above, fields, change, "html")


def to_html(data):
    def change(part):
        if part.get_content_subtype() != "plain":
            raise Unfit
        lines = [html.escape(line).replace("  ", " &nbsp;") for line in words_of(part).split("\n")]
        put_words(part, "<html><head><style>p { margin: 0 }</style></head><body><p>" + "<br>\n".join(lines) +
                  "</p></body></html>\n", subtype="html", encoding="quoted-printable")
    return each_text(data, change)


def to_base64(data):
    return each_text(data, lambda part: put_words(part, words_of(part)))


def to_quoted_printable(data):
    return each_text(data, lambda part: put_words(part, words_of(part), encoding="quoted-printable"))


def to_charset(data):
    def change(part):
        words = words_of(part)
        for charset in CHARSETS:
            try:
                words.encode(charset)
            except UnicodeEncodeError:
                continue
            put_words(part, words, charset)
            return
        raise Unfit
    return each_text(data, change)


def crlf(data):
    return data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def cr(data):
    return data.replace(b"\r\n", b"\n").replace(b"\n", b"\r")


def refolded(data):
    """Each header line folded at blanks as often as can be, with a tab."""
    at = header_end(data)
    lines = re.sub(rb"\n[ \t]+", b" ", data[:at]).split(b"\n")
    return b"\n".join(re.sub(rb"(?<=[;,>]) +", b"\n\t", line) if not line.lower().startswith((b"from ", b"date:"))
                      else line for line in lines) + data[at:]


def unfolded(data):
    at = header_end(data)
    return re.sub(rb"\n[ \t]+", b" ", data[:at]) + data[at:]


def cut_returned(data):
    """The mail ends where what it returns begins."""
    message = parsed(data)
    at = data.lower().find(b"\ncontent-type: message/rfc822")
    if at < 0 or not message.is_multipart() or message.get_content_type() != "multipart/report":
        raise Unfit
    return data[:at + 20]


def cut_late(data):
    return data[:len(data) * 9 // 10]


def added(text):
    def change(part):
        words = words_of(part)
        if part.get_content_subtype() == "html":
            words = words.replace("</body>", html.escape(text).replace("\n", "<br>") + "</body>")
            put_words(part, words)
        else:
            put_words(part, words.rstrip("\n") + "\n" + text, encoding="quoted-printable")
    return lambda data: first_text(data, change)


def bannered(data):
    def change(part):
        if part.get_content_subtype() != "plain":
            raise Unfit
        put_words(part, BANNER + words_of(part), encoding="quoted-printable")
    message = email.message_from_bytes(first_text(data, change), policy=email.policy.compat32)
    subject = message["Subject"]
    del message["Subject"]
    message["Subject"] = "[EXTERNAL] " + str(subject or "")
    return message.as_bytes()


def relayed(data):
    """What two more servers and a spam filter put in front."""
    return (b"Received: from mx1.firm.example (mx1.firm.example [192.0.2.80]) by store.firm.example with LMTP id 9aXk"
            b"\n\tfor <kim@firm.example>; Tue, 4 Mar 2025 10:00:02 +0000\nX-Spam-Status: No, score=-1.9 tests=BAYES_00"
            b"\nReceived: from mx7.example (mx7.example [198.51.100.7])\n\tby mx1.firm.example with ESMTPS id 8Zq; "
            b"Tue, 4 Mar 2025 10:00:01 +0000\n") + data


def in_mbox(data):
    """Two mails in one file; the second is another."""
    lines = re.sub(rb"(?m)^(>*From )", rb">\1", data)
    return (b"From MAILER-DAEMON Tue Mar  4 10:00:00 2025\n" + lines.rstrip(b"\n") +
            b"\n\nFrom paula@firm.example Tue Mar  4 10:00:09 2025\nFrom: paula@firm.example\nSubject: lunch\n\nAt one?\n")


def with_epilogue(data):
    """Another mail's text was glued to the end of a multipart."""
    message = parsed(data)
    if not message.is_multipart():
        raise Unfit
    return data.rstrip(b"\n") + b"\n\n" + FOOTER.encode() + LIST.encode()


CHANGES = {
    "as-is": lambda data: data,
    "machine-part-removed": without_machine_part,
    "attached": attached,
    "attached-alone": attached_alone,
    "inline": inline,
    "inline-outlook": inline_outlook,
    "inline-apple": inline_apple,
    "inline-reply": inline_reply,
    "inline-wrapped": inline_wrapped,
    "inline-html": inline_html,
    "html": to_html,
    "base64": to_base64,
    "quoted-printable": to_quoted_printable,
    "charset": to_charset,
    "crlf": crlf,
    "cr": cr,
    "refolded": refolded,
    "unfolded": unfolded,
    "cut-returned": cut_returned,
    "cut-late": cut_late,
    "signature": added(FOOTER),
    "legal-footer": added(LEGAL),
    "list-footer": added(LIST),
    "banner": bannered,
    "relayed": relayed,
    "mbox": in_mbox,
    "epilogue": with_epilogue,
}


def readings(command, folder):
    """{name: [record]} of the reports in a folder."""
    run = subprocess.run([command, "read", "--json", folder], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                         check=False)
    if run.returncode not in (0, 1):
        sys.exit(f"{command} ended with status {run.returncode}")
    found = {}
    for line in run.stdout.split(b"\n"):
        if line.strip():
            record = json.loads(line)
            if record["kind"] in REPORTS:
                found.setdefault(os.path.basename(record["source"]), []).append(record)
    return found


def key(record):
    return (record["kind"], record.get("recipient", ""))


def differences(before, after):
    """The figures that are not as before, and what is told of each."""
    was = {key(r): r for r in before}
    now = {key(r): r for r in after}
    if was.keys() != now.keys():
        return {figure: f"{sorted(was)} became {sorted(now)}" for figure in FIGURES}
    wrong = {}
    for name in ("status", "category"):
        for which, record in was.items():
            if record.get(name) != now[which].get(name):
                wrong[name] = f"{which[1]}: {record.get(name)} became {now[which].get(name)}"
    return wrong


class Score:
    def __init__(self):
        self.right, self.total, self.misses = {}, {}, []

    def add(self, change, name, wrong):
        for figure in FIGURES:
            at = (change, figure)
            self.total[at] = self.total.get(at, 0) + 1
            self.right[at] = self.right.get(at, 0) + (figure not in wrong)
            if figure in wrong:
                self.misses.append((change, figure, name, wrong[figure]))

    def share(self, at):
        return 100 * self.right[at] / self.total[at]


def as_expected(score, found):
    """Our own mails as they are, against the categories that are written down."""
    with open(os.path.join(ROOT, "tests", "mail", "expected.tsv"), encoding="utf-8", newline="") as source:
        for row in csv.DictReader(source, delimiter="\t", quoting=csv.QUOTE_NONE):
            if not row.get("categories"):
                continue
            same = [r for r in found.get(row["file"], []) if r.get("recipient", "") == row["recipient"]]
            got = same[0].get("category") if same else None
            wrong = {} if same else {"recipient": f"{row['recipient']} is not named"}
            if got not in row["categories"].split("|"):
                wrong["category"] = f"{row['recipient']}: {row['categories']} expected, {got} read"
            score.add("as-is", row["file"], wrong)


INLINE = tuple(name for name in CHANGES if name.startswith("inline"))
FORWARDING = ("attached", "attached-alone") + INLINE  # only reports about deliveries count when forwarded


def applies(change, records):
    return change not in FORWARDING or all(
        r["kind"] in ("bounce", "delay", "delivered", "relayed", "expanded") and "forwarded" not in r.get("notes", [])
        for r in records)


def names_all(data, records):
    """Whether the words that are left name each recipient: what stands nowhere can't be read."""
    text = "".join(words_of(part) for part in leaves(parsed(data))).lower()
    text = html.unescape(re.sub(r"(?<=[\w.@=/+-])\n(?:> ?)?(?=[\w.@=/+-])", "", text)) + text
    return all(r.get("recipient", "").lower() in text for r in records)


def alter(command, folder, score):
    mails = {name: open(os.path.join(folder, name), "rb").read() for name in sorted(os.listdir(folder))
             if name.endswith(".eml")}
    before = readings(command, folder)
    if os.path.samefile(folder, os.path.join(ROOT, "tests", "mail")):
        as_expected(score, before)
    for change, function in CHANGES.items():
        with tempfile.TemporaryDirectory() as other:
            changed = []
            for name in before:
                if not applies(change, before[name]):
                    continue
                try:
                    data = function(mails[name])
                    if change in INLINE + ("machine-part-removed",) and not names_all(data, before[name]):
                        continue
                except (Unfit, KeyError, UnicodeError, AssertionError, ValueError):
                    continue
                changed.append(name)
                with open(os.path.join(other, name), "wb") as out:
                    out.write(data)
            after = readings(command, other) if change != "as-is" else {}
        for name in changed:
            if change != "as-is":
                score.add(change, name, differences(before[name], after.get(name, [])))


def floors():
    with open(FLOORS, encoding="utf-8", newline="") as source:
        lines = (line for line in source if not line.startswith("#"))
        return {(r["set"], r["change"], r["figure"]): float(r["floor"])
                for r in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)}


def record(scores):
    old = floors()
    head = [line for line in open(FLOORS, encoding="utf-8") if line.startswith("#")]
    for which, score in scores.items():
        for change, figure in score.total:
            slack = max(1, 300 / score.total[change, figure])
            old[which, change, figure] = max(0, score.share((change, figure)) - slack)
    with open(FLOORS, "w", encoding="utf-8") as out:
        out.writelines(head + ["set\tchange\tfigure\tfloor\n"])
        out.writelines(f"{which}\t{change}\t{figure}\t{floor:.1f}\n" for (which, change, figure), floor in old.items())


def options_of(args):
    options = {"command": os.environ.get("SMTPSTATUS", os.path.join(ROOT, "build", "smtpstatus")), "mails": [],
               "switches": set()}
    while args:
        arg = args.pop(0)
        if arg in ("--misses", "--check", "--record"):
            options["switches"].add(arg[2:])
        elif arg == "--command" and args:
            options["command"] = args.pop(0)
        elif arg == "--mails" and args:
            options["mails"].append(args.pop(0))
        else:
            print(__doc__)
            sys.exit(0 if arg == "--help" else 2)
    return options


def main(args):
    options = options_of(args)
    own, shared = os.path.join(ROOT, "tests", "mail"), os.path.join(ROOT, "..", "shared", "corpus", "mail")
    folders = options["mails"] or [own] + ([shared] if os.path.isdir(shared) else [])
    scores, failed, passed = {}, 0, 0
    for folder in folders:
        which = "own" if os.path.samefile(folder, own) else "shared" if os.path.exists(shared) and os.path.samefile(
            folder, shared) else folder
        score = scores[which] = Score()
        alter(os.path.abspath(options["command"]), folder, score)
        print(which)
        for change in CHANGES:
            if (change, "recipient") in score.total:
                shares = "  ".join(f"{figure} {score.share((change, figure)):6.2f} %" for figure in FIGURES)
                print(f"  {change:22} {score.total[change, 'recipient']:4}  {shares}")
        if "misses" in options["switches"]:
            for miss in score.misses:
                print("    " + "\t".join(miss))
    if "record" in options["switches"]:
        record(scores)
    if "check" in options["switches"]:
        for (which, change, figure), floor in floors().items():
            if which in scores and (change, figure) in scores[which].total:
                share = scores[which].share((change, figure))
                passed, failed = passed + (share >= floor), failed + (share < floor)
                if share < floor:
                    print(f"FAILED: {which} {change} {figure} is {share:.2f}, below its floor of {floor:g}")
        print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
