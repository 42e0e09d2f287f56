"""Words that cannot be names anywhere, because they mean something to Python or to the C++ compiler.

Brian passes a name such as ``NULL`` or ``signed`` on to the generated program, which then does not compile.
"""

from __future__ import annotations

import errno
import keyword
import re
from typing import Final

_SPELLING: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,62}\Z")

_CPP_KEYWORDS: Final = frozenset(
    """
    alignas alignof and and_eq asm auto bitand bitor bool break case catch char char8_t char16_t char32_t class compl
    concept const consteval constexpr constinit const_cast continue co_await co_return co_yield decltype default delete
    do double dynamic_cast else enum explicit export extern false float for friend goto if inline int long mutable
    namespace new noexcept not not_eq nullptr operator or or_eq private protected public register reinterpret_cast
    requires restrict return short signed sizeof static static_assert static_cast struct switch template this
    thread_local throw true try typedef typeid typename typeof union unsigned using virtual void volatile wchar_t while
    xor xor_eq
    """.split()  # noqa: SIM905 - words read best as a text
)
# Macros of the headers that Brian's programs include, and the global names those programs use themselves. ``linux``
# and ``unix`` are macros of g++, ``I`` is not one: <complex.h> is never included.
_CPP_GLOBALS: Final = frozenset(
    """
    ACCESSPERMS ALLPERMS BIG_ENDIAN BUFSIZ BYTE_ORDER CHARCLASS_NAME_MAX CSIGNAL DEFFILEMODE EOF HUGE HUGE_VAL
    HUGE_VALF HUGE_VALL INFINITY LITTLE_ENDIAN LONG_BIT L_ctermid L_cuserid L_tmpnam MAXFLOAT NAN NFDBITS NULL NZERO
    PATH_MAX PDP_ENDIAN PIPE_BUF P_tmpdir SNAN SNANF SNANL WCONTINUED WEOF WEXITED WNOHANG WNOWAIT WORD_BIT WSTOPPED
    WUNTRACED assert brian default_random_engine errno exit linux main math_errhandling noreturn sched_priority
    st_atime st_ctime st_mtime std stderr stdin stdout unix
    """.split()  # noqa: SIM905 - words read best as a text
)
_ERROR_NUMBERS: Final = frozenset(name for name in vars(errno) if name.startswith("E")) | {"EHWPOISON"}
_MACRO_FAMILIES: Final = re.compile(
    r"(ADJ|AIO|BC|CLOCK|CLONE|EXIT|FP|HUGE_VAL|LC|MATH|MOD|MQ|NL|PTHREAD|RAND|RENAME|SCHED|SEEK|SIG|STATX|STA|TIMER"
    r"|UTIME|XATTR)_[A-Z0-9_]+\Z"
    r"|(BOOL|[SU]?CHAR|U?SHRT|U?INT[A-Z0-9_]*|U?L{0,2}LONG(_LONG)?|PTRDIFF|S?SIZE|SIG_ATOMIC|WCHAR|WINT)"
    r"_(MAX|MIN|WIDTH|BIT)\Z"
    r"|(COLL_WEIGHTS|DELAYTIMER|EXPR_NEST|FILENAME|FOPEN|IOV|LINE|MB_CUR|MB_LEN|[A-Z]+_NAME|NAME|NGROUPS|RE_DUP|RTSIG"
    r"|SEM_VALUE|TMP)_MAX\Z"
    r"|(CLOCKS_PER_SEC|[CF][PD]U?_SETSIZE|MAX_CANON|MAX_INPUT|PTHREAD_STACK_MIN|TIME_UTC|WORD_BIT)\Z"
    r"|M_(E|LOG2E|LOG10E|LN2|LN10|PI|PI_2|PI_4|1_PI|2_PI|2_SQRTPI|SQRT2|SQRT1_2)(f|l|f[0-9]+x?)?\Z"
    r"|S_[A-Z]{4,}\Z|SNANF[0-9]+X?\Z"
)


SPELLING: Final = "{name!r} is not a name: letters, digits and '_', a letter first, at most 63 characters"


def is_spelled(name: str) -> bool:
    """Whether a word is made of letters, digits and ``_``, a letter first."""
    return bool(_SPELLING.match(name))


def spelling_problem(name: str) -> str | None:
    """Why a word can be no name in the generated program; ``None`` when it can."""
    if not is_spelled(name):
        return SPELLING.format(name=name[:70])
    if "__" in name:
        return f"{name!r} contains '__', which is reserved; use one '_'"
    if keyword.iskeyword(name) or name in _CPP_KEYWORDS:
        return f"{name!r} is a keyword of Python or C++; choose another name"
    if name in _CPP_GLOBALS or name in _ERROR_NUMBERS or _MACRO_FAMILIES.match(name):
        return f"{name!r} has a meaning in C++; choose another name"
    return None
