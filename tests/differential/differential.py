#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Mails as our reader takes them apart, beside Python's email package and GMime.

usage: differential.py OURS GMIME|- EXPLAINED.tsv FOLDER...

Compared are the decoded Subject, the Message-ID and the first address of From, of the mail and of the message
that it returns, the decoded texts, and the recipients of a delivery report. Each difference must stand in
EXPLAINED.tsv with its reason, and nothing else may stand there. --list prints the differences instead.
"""
import collections
import csv
import email
import email.header
import email.utils
import glob
import json
import os
import re
import subprocess
import sys

PASTED = re.compile(r'\s*(Reporting-MTA|Final-Recipient|Original-Recipient|Original-Envelope-Id|'
                    r'Received-From-MTA|Feedback-Type|Reporting-UA)\s*:', re.I)


def squeezed(text):
    return ' '.join((text or '').split())


def decoded(value):
    """A header value with its encoded words; Python's own decoder stops at the first bad one."""
    if value is None:
        return None
    try:
        parts = email.header.decode_header(str(value))
        return ''.join(p if isinstance(p, str) else p.decode(c if c and c != 'unknown-8bit' else 'utf-8', 'replace')
                       for p, c in parts)
    except (LookupError, ValueError, email.errors.HeaderParseError):
        return str(value)


def header(mail):
    addresses = email.utils.getaddresses([str(v) for v in mail.get_all('From', [])[:1]])
    return {'subject': decoded(mail.get('Subject')), 'message_id': mail.get('Message-ID') and str(mail['Message-ID']),
            'from': addresses[0][1] if addresses else None}


def text_of(part):
    raw = part.get_payload(decode=True) or b''
    charset = (part.get_content_charset() or 'us-ascii').strip('"\'')
    if charset in ('us-ascii', 'ascii', 'ansi_x3.4-1968', 'unknown-8bit', '8bit'):
        charset = 'utf-8'
    try:
        return raw.decode(charset)
    except (LookupError, UnicodeDecodeError):
        return raw.decode('latin-1')


def leaves(part):
    """Parts that are no multiparts, and not those of messages inside."""
    if part.get_content_maintype() == 'multipart' and isinstance(part.get_payload(), list):
        for inner in part.get_payload():
            yield from leaves(inner)
    else:
        yield part


def by_python(name):
    with open(name, 'rb') as source:
        mail = email.message_from_binary_file(source)
    found = {'texts': [], 'returned': {}, 'recipients': [], **header(mail)}
    for part in leaves(mail):
        kind = part.get_content_type()
        if kind in ('message/rfc822', 'message/global') and isinstance(part.get_payload(), list):
            found['returned'] = found['returned'] or header(part.get_payload()[0])
        elif kind == 'text/rfc822-headers':
            found['returned'] = found['returned'] or header(email.message_from_string(text_of(part)))
        elif kind == 'message/delivery-status' and isinstance(part.get_payload(), list):
            for group in part.get_payload():
                value = group.get('Final-Recipient')
                if value:
                    found['recipients'].append(str(value).partition(';')[2].strip().strip('<>'))
        elif part.get_content_maintype() == 'text' and kind != 'text/html':
            found['texts'].append(text_of(part))
    return found


def lines_of(program, files):
    out = subprocess.run([program, *files], stdout=subprocess.PIPE, check=True).stdout
    return {d['file']: d for d in map(json.loads, out.decode('utf-8', 'replace').split('\n')[:-1])}


def texts(reading):
    found = (squeezed(t) for t in reading.get('texts', []) if not PASTED.match(t))
    return [t for t in found if t]


def same_texts(ours, other):
    """Ours may be cut: then it is the beginning."""
    return len(ours) == len(other) and all(o == t or (len(o) > 30000 and t.startswith(o[:30000]))
                                           for o, t in zip(ours, other))


def differences(ours, other):
    for name in ('subject', 'message_id', 'from'):
        for where, a, b in (('', ours, other), ('returned ', ours.get('returned', {}), other.get('returned') or None)):
            if b is None:
                continue
            a_value, b_value = squeezed(a.get(name)).strip('<>'), squeezed(b.get(name)).strip('<>')
            if name == 'from' and '@' not in b_value:  # a name of the own host: no address to us
                b_value = ''
            if a_value != b_value:
                yield where + name, a_value, b_value
    if not same_texts(texts(ours), texts(other)):
        yield 'texts', texts(ours), texts(other)
    if 'recipients' in other:
        a_value, b_value = ours['recipients'], other['recipients']
        if [r.lower() for r in b_value] != [r.lower() for r in a_value[:len(b_value)]] and b_value:
            yield 'recipients', a_value, b_value


def first_difference(a, b):
    a, b = (x if isinstance(x, str) else ' | '.join(x) for x in (a, b))
    at = next((i for i, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)))
    return f'{a[max(0, at - 15):at + 25]!r} / {b[max(0, at - 15):at + 25]!r}'


def main(args):
    listing = '--list' in args
    args = [a for a in args if a != '--list']
    ours, gmime, table, folders = args[0], args[1], args[2], args[3:]
    files = sorted(f for folder in folders for f in glob.glob(os.path.join(folder, '*.eml')))
    read = lines_of(ours, files)
    oracles = {'python': {f: by_python(f) for f in files}}
    if gmime != '-':
        oracles['gmime'] = lines_of(gmime, files)
    with open(table, encoding='utf-8', newline='') as source:
        rows = csv.DictReader((line for line in source if not line.startswith('#')), delimiter='\t')
        explained = {(r['file'], r['oracle'], r['field']): r['reason'] for r in rows}
    found, wrong = collections.OrderedDict(), 0
    for oracle, readings in oracles.items():
        for name in files:
            for field, a, b in differences(read[name], readings[name]):
                found[(os.path.basename(name), oracle, field)] = first_difference(a, b)
    names = {os.path.basename(f) for f in files}
    for key, told in found.items():
        if listing or key not in explained:
            print('\t'.join(key) + '\tours / theirs: ' + told)
            wrong += key not in explained
    for key in explained:
        if key not in found and key[0] in names and key[1] in oracles:
            print('\t'.join(key) + '\tis explained, but no difference any more')
            wrong += 1
    print(f'{len(files)} mails, {len(oracles)} oracles, {len(found)} differences, {wrong} not as explained')
    return 1 if wrong and not listing else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
