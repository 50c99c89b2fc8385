/** What the highlighter knows of a language: how words, comments and texts look in it. It need not know its grammar. */
export interface Language {
  /** Reads like markup (`<a href="…">`), like lines of a change (`+`, `-`), or like a program or data. */
  form: 'program' | 'markup' | 'diff'
  /** What begins a comment that ends with its line. */
  lineComments: readonly string[]
  blockComment: readonly [open: string, close: string] | undefined
  /** Quotes whose text ends with its line, if nothing ends it before. */
  quotes: string
  /** Quotes whose text may go on over lines; the longest first. */
  longQuotes: readonly string[]
  words: ReadonlySet<string>
  /** Keywords in capitals are the same ones. */
  anyCase: boolean
  /** A word in front of one of these signs is a key: `name: value`. */
  keySigns: string
  /** A word behind one of these signs is a word of the language: `@media`, `#include`. */
  wordSigns: string
}

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '))

const program: Language = {
  form: 'program',
  lineComments: ['//'],
  blockComment: ['/*', '*/'],
  quotes: '"\'',
  longQuotes: [],
  words: words(''),
  anyCase: false,
  keySigns: '',
  wordSigns: '',
}
const hash: Language = { ...program, lineComments: ['#'], blockComment: undefined }

const script =
  'abstract any as async await boolean break case catch class const constructor continue debugger declare default delete do else enum export extends false finally for from function get if implements import in infer instanceof interface is keyof let namespace never new null number object of override private protected public readonly return satisfies set static string super switch symbol this throw true try type typeof undefined unknown var void while with yield'
const c =
  'alignas auto bool break case catch char class const constexpr continue default define delete do double elif else endif enum error explicit extern false float for friend goto if ifdef ifndef include inline int int16_t int32_t int64_t int8_t long mutable namespace new noexcept nullptr operator override pragma private protected public register restrict return short signed size_t sizeof static static_cast struct switch template this throw true try typedef typename uint16_t uint32_t uint64_t uint8_t undef union unsigned using virtual void volatile wchar_t while NULL'
const shell =
  'alias break case cd continue declare do done echo elif else esac eval exec exit export false fi for function if in let local printf pwd read readonly return set shift source test then trap true type typeset ulimit unset until while'

const typescript: Language = { ...program, longQuotes: ['`'], words: words(script), wordSigns: '@' }
const cpp: Language = { ...program, words: words(c), wordSigns: '#' }
const bash: Language = { ...hash, quotes: '', longQuotes: ['"', "'", '`'], words: words(shell) }
const css: Language = {
  ...program,
  lineComments: [],
  words: words('important inherit initial none auto unset revert and not only from to'),
  keySigns: ':',
  wordSigns: '@!',
}
const scss: Language = { ...css, lineComments: ['//'] }
const json: Language = { ...program, words: words('true false null'), keySigns: ':' }
const yaml: Language = { ...hash, words: words('true false null yes no on off True False'), keySigns: ':' }
const ini: Language = { ...hash, lineComments: ['#', ';'], words: words('true false yes no on off'), keySigns: '=:' }
const markup: Language = { ...program, form: 'markup', lineComments: [], blockComment: ['<!--', '-->'] }

const all: readonly (readonly [names: string, language: Language])[] = [
  ['javascript js jsx mjs cjs typescript ts tsx mts cts', typescript],
  ['c h cpp hpp cc hh cxx c++ objectivec objective-c objc obj-c mm arduino ino', cpp],
  ['bash sh zsh shell console shellsession', bash],
  ['css', css],
  ['scss less', scss],
  ['json jsonc json5', json],
  ['yaml yml', yaml],
  ['ini toml properties', { ...ini, longQuotes: ['"""', "'''"] }],
  ['html xml xhtml svg rss atom vue plist', markup],
  ['diff patch', { ...program, form: 'diff' }],
  [
    'python py gyp python-repl pycon',
    {
      ...hash,
      longQuotes: ['"""', "'''"],
      wordSigns: '@',
      words: words(
        'False None True and as assert async await break case class continue def del elif else except finally for from global if import in is lambda match nonlocal not or pass print raise return self try while with yield int float str bool bytes list dict set tuple object len range',
      ),
    },
  ],
  [
    'ruby rb gemspec podspec',
    {
      ...hash,
      words: words(
        'alias and attr_accessor attr_reader attr_writer begin break case class def defined? do else elsif end ensure extend false for if in include module next nil not or private protected public puts raise redo require require_relative rescue retry return self super then true undef unless until when while yield',
      ),
    },
  ],
  [
    'perl pl pm',
    {
      ...hash,
      words: words(
        'die do else elsif eval for foreach given if keys last local my next no our package print push redo ref return say shift sub undef unless until use values wantarray when while',
      ),
    },
  ],
  [
    'r',
    {
      ...hash,
      words: words('break else FALSE for function if in Inf library NA NaN next NULL repeat require return TRUE while'),
    },
  ],
  [
    'go golang',
    {
      ...program,
      longQuotes: ['`'],
      words: words(
        'any append bool break byte cap case chan close complex const continue copy default defer delete else error fallthrough false float32 float64 for func go goto if import int int16 int32 int64 int8 interface iota len make map new nil package panic range recover return rune select string struct switch true type uint uint16 uint32 uint64 uint8 uintptr var',
      ),
    },
  ],
  [
    'rust rs',
    {
      ...program,
      quotes: '"',
      words: words(
        'as async await bool box break char const continue crate dyn else enum extern f32 f64 false fn for i128 i16 i32 i64 i8 if impl in isize let loop match mod move mut None Ok Err Option Result pub ref return Self self Some static str String struct super trait true type u128 u16 u32 u64 u8 union unsafe use usize Vec where while',
      ),
    },
  ],
  [
    'java',
    {
      ...program,
      longQuotes: ['"""'],
      wordSigns: '@',
      words: words(
        'abstract assert boolean break byte case catch char class const continue default do double else enum extends false final finally float for if implements import instanceof int interface long native new null package permits private protected public record return sealed short static strictfp super switch synchronized this throw throws transient true try var void volatile while yield',
      ),
    },
  ],
  [
    'kotlin kt kts',
    {
      ...program,
      longQuotes: ['"""'],
      wordSigns: '@',
      words: words(
        'abstract as break by catch class companion const constructor continue data do else enum false final finally for fun get if import in inline interface internal is it lateinit null object open operator out override package private protected public return sealed set super suspend this throw true try typealias val var when where while',
      ),
    },
  ],
  [
    'swift',
    {
      ...program,
      quotes: '"',
      longQuotes: ['"""'],
      wordSigns: '@#',
      words: words(
        'actor as associatedtype async await break case catch class continue default defer deinit do else enum extension fallthrough false fileprivate final for func get guard if import in init inout internal is lazy let mutating nil open operator override private protocol public repeat return self Self set some static struct subscript super switch throw throws true try typealias unowned var weak where while',
      ),
    },
  ],
  [
    'csharp cs c#',
    {
      ...program,
      wordSigns: '#',
      words: words(
        'abstract as async await base bool break byte case catch char checked class const continue decimal default delegate do double else enum event explicit extern false finally fixed float for foreach get goto if implicit in init int interface internal is lock long namespace new null object operator out override params private protected public readonly record ref return sbyte sealed set short sizeof static string struct switch this throw true try typeof uint ulong unsafe using var virtual void volatile when where while yield',
      ),
    },
  ],
  [
    'php php-template',
    {
      ...program,
      lineComments: ['//', '#'],
      words: words(
        'abstract and array as break callable case catch class clone const continue declare default do echo else elseif empty enum extends false final finally fn for foreach function global goto if implements include instanceof interface isset list match namespace new null or print private protected public readonly require require_once return self static switch this throw trait true try unset use var void while xor yield',
      ),
    },
  ],
  [
    'lua',
    {
      ...program,
      lineComments: ['--'],
      blockComment: ['--[[', ']]'],
      words: words(
        'and break do else elseif end false for function goto if in local nil not or repeat return then true until while',
      ),
    },
  ],
  [
    'sql postgres postgresql psql mysql sqlite',
    {
      ...program,
      lineComments: ['--'],
      anyCase: true,
      words: words(
        'add all alter analyze and any array as asc begin between bigint boolean by cascade case cast check collate column commit conflict constraint create cross current_timestamp database date default delete desc distinct do drop else end except execute exists explain false fetch filter first for foreign from full function grant group having if ilike in index inner insert int integer intersect interval into is join json jsonb key lateral left like limit lock materialized not nothing null numeric offset on or order outer over partition primary procedure recursive references returning returns revoke right rollback row rows schema select serial set smallint table temporary text then timestamp timestamptz to transaction trigger true truncate type union unique update using uuid vacuum values varchar view when where window with without',
      ),
    },
  ],
  [
    'graphql gql',
    {
      ...hash,
      longQuotes: ['"""'],
      wordSigns: '@',
      keySigns: ':',
      words: words(
        'directive enum extend false fragment implements input interface mutation null on query scalar schema subscription true type union',
      ),
    },
  ],
  [
    'makefile make mk mak',
    {
      ...hash,
      keySigns: ':=',
      words: words('define else endef endif export ifdef ifeq ifndef ifneq include override'),
    },
  ],
  [
    'dockerfile docker',
    {
      ...hash,
      words: words(
        'ADD ARG AS CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR',
      ),
    },
  ],
  [
    'hcl terraform tf',
    {
      ...hash,
      lineComments: ['#', '//'],
      keySigns: '=',
      words: words(
        'data dynamic false for for_each if in locals module null output provider resource terraform true variable',
      ),
    },
  ],
  [
    'vbnet vb',
    {
      ...program,
      lineComments: ["'"],
      blockComment: undefined,
      quotes: '"',
      anyCase: true,
      words: words(
        'and as boolean byref byval case catch class const dim do double each else elseif end enum exit false finally for friend function get if imports in integer is long loop me module namespace new next not nothing of on option or overrides private property protected public return select set shared single string structure sub then throw to true try until while with',
      ),
    },
  ],
  [
    'wasm wat',
    {
      ...program,
      lineComments: [';;'],
      blockComment: ['(;', ';)'],
      words: words(
        'module func param result local global export import memory table type start data elem block loop if then else end call br br_if return drop i32 i64 f32 f64',
      ),
    },
  ],
]

const byName = new Map(all.flatMap(([names, language]) => names.split(' ').map((name) => [name, language] as const)))

/** By any of its names, in lower case. */
export const languageOf = (name: string): Language | undefined => byName.get(name)
