package signature

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"html"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/hookctl/hookctl/internal/jsontext"
	"github.com/hookctl/hookctl/internal/provider"
)

// A bodyForm is what the body may have been when it was signed. The body as it is
// has no mistake.
type bodyForm struct {
	mistake
	make func() ([]byte, bool)
}

// bodyForms are the forms of m's body, the common ones first.
func bodyForms(m *provider.Message, work *meter) []bodyForm {
	forms := lineForms(m.Body)
	tree, reason := parseJSON(m.Body)
	if reason == "" {
		forms = append(forms, namedJSONForms(tree)...)
	}
	forms = append(forms, packedForms(m)...)
	forms = append(forms, charsetForms(m.Body)...)
	forms = append(forms, formForms(m.Body)...)
	forms = append(forms, lostBodies()...)
	if reason == "" {
		forms = append(forms, moreJSONForms(tree, work)...)
	}
	return forms
}

// rawBodyFix tells how to get at the bytes of a body.
const rawBodyFix = "verify over the bytes as they came: Express express.raw({type: 'application/json'}), Next.js await req.text(), " +
	"Flask request.get_data(), FastAPI await request.body(), Rails request.raw_post, Laravel $request->getContent(), Spring @RequestBody byte[]"

// form is a form of the body that always works.
func form(id, condition, why, fix string, make func() []byte) bodyForm {
	return bodyForm{mistake{"body-" + id, condition, why, fix}, func() ([]byte, bool) { return make(), true }}
}

// lineForms differ in white space.
func lineForms(body []byte) []bodyForm {
	const editor = "an editor, a shell or a tool such as echo or curl -d @file added or removed it"
	const copyFix = "keep the body byte for byte: curl --data-binary @file, printf %s, editors set not to add a new line"
	bom := []byte("\uFEFF")
	return []bodyForm{
		form("newline-removed", "the new line at the end of the body is left out", editor, copyFix, func() []byte {
			return bytes.TrimSuffix(bytes.TrimSuffix(body, []byte("\n")), []byte("\r"))
		}),
		form("newline-added", "the body ends with a new line", editor, copyFix, func() []byte { return slices.Concat(body, []byte("\n")) }),
		form("trimmed", "the white space around the body is left out", editor, copyFix, func() []byte { return bytes.TrimSpace(body) }),
		form("crlf-to-lf", "the lines of the body end with LF, where there is CRLF now", "the body went through Windows, Git with autocrlf, or a mail", copyFix, func() []byte {
			return bytes.ReplaceAll(body, []byte("\r\n"), []byte("\n"))
		}),
		form("lf-to-crlf", "the lines of the body end with CRLF, where there is LF now", "something changed the line ends: an editor, Git, or reading the body as text", copyFix, func() []byte {
			return bytes.ReplaceAll(bytes.ReplaceAll(body, []byte("\r\n"), []byte("\n")), []byte("\n"), []byte("\r\n"))
		}),
		form("crlf-added", "the body ends with CRLF", editor, copyFix, func() []byte { return slices.Concat(body, []byte("\r\n")) }),
		form("bom-removed", "the byte order mark before the body is left out", "an editor or PowerShell wrote the file as \"UTF-8 with BOM\"", copyFix, func() []byte {
			return bytes.TrimPrefix(body, bom)
		}),
		form("bom-added", "a byte order mark stands before the body", "something that reads the body as text dropped it", rawBodyFix, func() []byte { return slices.Concat(bom, body) }),
	}
}

// Limits of what is unpacked.
const (
	maxInflated = 32 << 20
	maxRatio    = 200
)

// packedForms undo, or do, what packs a body into something else.
func packedForms(m *provider.Message) []bodyForm {
	body := m.Body
	const packing = "the signature is of the body before it was packed"
	forms := []bodyForm{
		{mistake{"body-gzip", "the body is decompressed (gzip)", packing + ": the bytes here are still compressed", "decompress the body as Content-Encoding says, then verify"}, func() ([]byte, bool) {
			r, err := gzip.NewReader(bytes.NewReader(body))
			return inflate(r, len(body), err)
		}},
		{mistake{"body-deflate", "the body is decompressed (deflate)", packing + ": the bytes here are still compressed", "decompress the body as Content-Encoding says, then verify"}, func() ([]byte, bool) {
			r, err := zlib.NewReader(bytes.NewReader(body))
			return inflate(r, len(body), err)
		}},
		{mistake{"body-base64", "the body is decoded from base64", "a gateway passes bodies on as base64: AWS API Gateway and Lambda URLs say so with isBase64Encoded", "decode event.body when event.isBase64Encoded, and verify what that gives"}, func() ([]byte, bool) {
			decoded, err := decodeBase64(strings.TrimSpace(string(body)))
			return decoded, err == nil && len(decoded) > 0
		}},
		{mistake{"body-envelope", "the body is what stands in the field \"body\" of it", "this is the event that a serverless platform hands over, and not the body itself", "verify event.body, decoded where event.isBase64Encoded says so"}, func() ([]byte, bool) { return fromEnvelope(body) }},
		{mistake{"body-string", "the JSON string that the body is is unquoted", "the body was encoded as JSON twice: JSON.stringify of what was text already", "encode it once"}, func() ([]byte, bool) {
			var text string
			err := json.Unmarshal(body, &text)
			return []byte(text), err == nil
		}},
		{mistake{"body-python-bytes", "the body is what stands in b'…'", "str() of bytes in Python gives their notation and not their text", "use body.decode(), or the bytes themselves"}, func() ([]byte, bool) { return fromPythonBytes(body) }},
		{mistake{"body-html-entities", "the HTML entities in the body are undone", "a filter against cross-site scripting rewrote the body", rawBodyFix}, func() ([]byte, bool) {
			return []byte(html.UnescapeString(string(body))), bytes.IndexByte(body, '&') >= 0
		}},
		{mistake{"body-slashed", "the backslashes before quotes in the body are left out", "WordPress and old PHP put a backslash before each quote", "read php://input: it is as it was sent"}, func() ([]byte, bool) {
			plain := strings.NewReplacer(`\"`, `"`, `\'`, `'`, `\\`, `\`).Replace(string(body))
			return []byte(plain), len(plain) < len(body)
		}},
		form("string-added", "the body is quoted as a JSON string", "whatever signed this encoded as JSON what was JSON already", "sign the body that is sent", func() []byte {
			quoted, _ := jsontext.Marshal(string(body))
			return quoted
		}),
		form("base64-added", "the body is encoded as base64", "whatever signed this signed the base64 of the body", "sign the body that is sent", func() []byte {
			return base64.StdEncoding.AppendEncode(nil, body)
		}),
		form("hex-added", "the body is encoded as hexadecimal", "whatever signed this signed the hexadecimal text of the body", "sign the body that is sent", func() []byte {
			return hex.AppendEncode(nil, body)
		}),
	}
	return append(forms, memberForms(body)...)
}

// inflate reads what decompresses, within limits.
func inflate(r io.Reader, packed int, err error) ([]byte, bool) {
	if err != nil {
		return nil, false
	}
	most := min(maxInflated, packed*maxRatio)
	text, err := io.ReadAll(io.LimitReader(r, int64(most)+1))
	return text, err == nil && len(text) <= most
}

// fromEnvelope is the body in the event of a serverless platform.
func fromEnvelope(text []byte) ([]byte, bool) {
	var event struct {
		Body    *string `json:"body"`
		Encoded bool    `json:"isBase64Encoded"`
	}
	if json.Unmarshal(text, &event) != nil || event.Body == nil {
		return nil, false
	}
	if event.Encoded {
		decoded, err := decodeBase64(*event.Body)
		return decoded, err == nil
	}
	return []byte(*event.Body), true
}

func fromPythonBytes(text []byte) ([]byte, bool) {
	inner := string(bytes.TrimSpace(text))
	if len(inner) < 3 || inner[0] != 'b' || inner[1] != '\'' && inner[1] != '"' || inner[len(inner)-1] != inner[1] {
		return nil, false
	}
	inner = strings.ReplaceAll(inner[2:len(inner)-1], `\'`, `'`)
	plain, err := strconv.Unquote(`"` + strings.ReplaceAll(inner, `"`, `\"`) + `"`)
	return []byte(plain), err == nil
}

// memberForms are parts of the body that may have been signed alone.
func memberForms(body []byte) []bodyForm {
	var forms []bodyForm
	for _, name := range []string{"data", "payload", "event", "body", "message"} {
		forms = append(forms, bodyForm{mistake{
			"body-member", "only " + name + " of the body is signed", "whatever signed this signed a part of the body",
			"sign the whole body as it is sent",
		}, func() ([]byte, bool) { return jsontext.Lookup(body, jsontext.Path{{Key: name}}) }})
	}
	return forms
}

// charsetForms read the body in another character set.
func charsetForms(body []byte) []bodyForm {
	const why = "the body was read as text in one character set and written in another"
	return []bodyForm{
		{mistake{"body-latin1", "the body is Latin-1, where it is UTF-8 now", why, rawBodyFix}, func() ([]byte, bool) { return toLatin1(body) }},
		{mistake{"body-utf8", "the body is UTF-8, where it is Latin-1 now", why, rawBodyFix}, func() ([]byte, bool) {
			text := make([]byte, 0, len(body)+len(body)/8)
			for _, c := range body {
				text = utf8.AppendRune(text, rune(c))
			}
			return text, len(text) > len(body)
		}},
	}
}

// toLatin1 writes each character of a UTF-8 text as one byte.
func toLatin1(body []byte) ([]byte, bool) {
	text := make([]byte, 0, len(body))
	for i := 0; i < len(body); {
		r, size := utf8.DecodeRune(body[i:])
		if r > 0xff || r == utf8.RuneError && size == 1 {
			return nil, false
		}
		text, i = append(text, byte(r)), i+size
	}
	return text, len(text) < len(body)
}

// formForms are for bodies that are, or were, forms.
func formForms(body []byte) []bodyForm {
	const parsedForm = "the form was taken apart before the signature was checked: the signature is of the form as it was sent"
	text := string(body)
	forms := []bodyForm{
		{mistake{"body-form-payload", "only the JSON in the field \"payload\" of the form is signed", "the sender delivers the JSON in a form, and whatever signed this signed the JSON", "sign the whole body as it is sent"}, func() ([]byte, bool) {
			fields, err := url.ParseQuery(text)
			return []byte(fields.Get("payload")), err == nil && fields.Has("payload")
		}},
		form("form-wrapped", "the body is the field \"payload\" of a form", parsedForm+"; GitHub sends one where its content type is application/x-www-form-urlencoded",
			"verify over the raw form, payload=…, or set the webhook's content type to application/json", func() []byte { return []byte("payload=" + url.QueryEscape(text)) }),
		form("form-wrapped", "the body is the field \"payload\" of a form", parsedForm, "verify over the raw form, payload=…",
			func() []byte { return []byte("payload=" + strings.ReplaceAll(url.QueryEscape(text), "+", "%20")) }),
		{mistake{"body-url-decoded", "the body is URL-decoded", "whatever signed this signed the form after it was decoded", "sign the form as it is sent"}, func() ([]byte, bool) {
			plain, err := url.QueryUnescape(text)
			return []byte(plain), err == nil && strings.ContainsAny(text, "%+")
		}},
	}
	if !looksLikeForm(text) {
		return forms
	}
	rewritten := func(id, condition string, make func() string) bodyForm {
		return form(id, condition, parsedForm, "verify over the raw form, before it is parsed", func() []byte { return []byte(make()) })
	}
	fields := strings.Split(text, "&")
	return append(forms,
		rewritten("form-sorted", "the fields of the form are in the order of their names", func() string {
			sorted := slices.Clone(fields)
			slices.SortStableFunc(sorted, func(a, b string) int { return strings.Compare(fieldName(a), fieldName(b)) })
			return strings.Join(sorted, "&")
		}),
		rewritten("form-reencoded", "spaces in the form are written as %20", func() string { return strings.ReplaceAll(text, "+", "%20") }),
		rewritten("form-reencoded", "spaces in the form are written as \"+\"", func() string { return strings.ReplaceAll(text, "%20", "+") }),
		rewritten("form-reencoded", "the escapes in the form are written in small letters", func() string { return mapEscapes(text, strings.ToLower) }),
		rewritten("form-reencoded", "the escapes in the form are written in capitals", func() string { return mapEscapes(text, strings.ToUpper) }),
		rewritten("form-reencoded", "the form is escaped as browsers do it", func() string { return reencodeForm(fields, url.QueryEscape) }),
		rewritten("form-reencoded", "the form is escaped as encodeURIComponent does it", func() string { return reencodeForm(fields, likeJavaScript) }),
		rewritten("form-without-empty", "the fields of the form that are empty are left out", func() string {
			return strings.Join(slices.DeleteFunc(slices.Clone(fields), func(f string) bool { return strings.HasSuffix(f, "=") }), "&")
		}),
	)
}

// looksLikeForm reports whether text may be a form and is no JSON.
func looksLikeForm(text string) bool {
	return strings.Contains(text, "=") && !strings.ContainsAny(text[:1], "{[<\"") && !strings.ContainsAny(text, "\n\r")
}

func fieldName(field string) string {
	name, _, _ := strings.Cut(field, "=")
	return name
}

func mapEscapes(text string, change func(string) string) string {
	out := []byte(text)
	for i := 0; i+2 < len(out); i++ {
		if out[i] == '%' {
			copy(out[i+1:i+3], change(text[i+1:i+3]))
			i += 2
		}
	}
	return string(out)
}

// reencodeForm decodes each name and value and writes it anew.
func reencodeForm(fields []string, escape func(string) string) string {
	out := make([]string, len(fields))
	for i, field := range fields {
		name, value, _ := strings.Cut(field, "=")
		plainName, errName := url.QueryUnescape(name)
		plainValue, errValue := url.QueryUnescape(value)
		if errName != nil || errValue != nil {
			return ""
		}
		out[i] = escape(plainName) + "=" + escape(plainValue)
	}
	return strings.Join(out, "&")
}

// likeJavaScript escapes as encodeURIComponent does.
func likeJavaScript(text string) string {
	return strings.NewReplacer("+", "%20", "%21", "!", "%27", "'", "%28", "(", "%29", ")", "%2A", "*").Replace(url.QueryEscape(text))
}

// lostBodies are what is signed where the body was lost before.
func lostBodies() []bodyForm {
	var forms []bodyForm
	add := func(id, text, said string) {
		forms = append(forms, form(id, "the body is "+said, "whatever signed or checked this had no body: its stream was read before, or nothing parsed it",
			"read the body once, keep its bytes, and sign or verify those", func() []byte { return []byte(text) }))
	}
	add("empty", "", "empty")
	for _, text := range []string{"{}", "[]", "null", "undefined", "[object Object]", "None", "b''", `""`} {
		add("lost", text, text)
	}
	return forms
}
