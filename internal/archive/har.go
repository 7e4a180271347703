package archive

import "encoding/json"

// The parts of a HAR 1.2 file that are written and read. What hookctl needs
// beyond the format to give back an exact capture is in the entry's _hookctl: the
// capture's stable JSON without the body, which is the entry's postData.

type harEntry struct {
	Started  string          `json:"startedDateTime"`
	Time     float64         `json:"time"`
	Request  harRequest      `json:"request"`
	Response harResponse     `json:"response"`
	Cache    struct{}        `json:"cache"`
	Timings  harTimings      `json:"timings"`
	Exact    json.RawMessage `json:"_hookctl,omitempty"`
}

type harRequest struct {
	Method      string       `json:"method"`
	URL         string       `json:"url"`
	HTTPVersion string       `json:"httpVersion"`
	Cookies     []harPair    `json:"cookies"`
	Headers     []harPair    `json:"headers"`
	QueryString []harPair    `json:"queryString"`
	PostData    *harPostData `json:"postData,omitempty"`
	HeadersSize int          `json:"headersSize"`
	BodySize    int64        `json:"bodySize"`
}

type harPair struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// harPostData has no encoding in HAR 1.2, unlike a response's content. Where the
// text is not the body itself, _encoding says so as encoding does there.
type harPostData struct {
	MimeType    string    `json:"mimeType"`
	Text        *string   `json:"text,omitempty"`
	Params      []harPair `json:"params,omitempty"`
	Encoding    string    `json:"_encoding,omitempty"`
	EncodingToo string    `json:"encoding,omitempty"` // as some tools write it
}

type harResponse struct {
	Status      int        `json:"status"`
	StatusText  string     `json:"statusText"`
	HTTPVersion string     `json:"httpVersion"`
	Cookies     []harPair  `json:"cookies"`
	Headers     []harPair  `json:"headers"`
	Content     harContent `json:"content"`
	RedirectURL string     `json:"redirectURL"`
	HeadersSize int        `json:"headersSize"`
	BodySize    int64      `json:"bodySize"`
}

type harContent struct {
	Size     int64  `json:"size"`
	MimeType string `json:"mimeType"`
	Text     string `json:"text,omitempty"`
	Encoding string `json:"encoding,omitempty"`
	Comment  string `json:"comment,omitempty"`
}

type harTimings struct {
	Send    float64 `json:"send"`
	Wait    float64 `json:"wait"`
	Receive float64 `json:"receive"`
}
