package cli

import (
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// listenOptions are the flags of listen and forward.
type listenOptions struct {
	providerOptions
	strict bool

	port      uint16
	host      string
	tls       bool
	tlsCert   string
	tlsKey    string
	maxBody   byteSize
	readyFile string
	keep      int
	keepFor   period

	forwardTo     []string
	endpoints     []string
	replyFrom     int
	events        []string
	header        headers
	forwarded     bool
	dialTimeout   time.Duration
	headerTimeout time.Duration
	timeout       time.Duration
	insecure      bool

	reply       status
	replyBody   string
	replyHeader headers
	replyDelay  time.Duration
	replyScript replyScript
	// fixedReply says that one of the reply flags was given: the sender is then
	// answered at once, whatever the targets say.
	fixedReply bool
	// bothReplies says that two flags which name the status were given.
	bothReplies bool
}

func newListen(a *app) *cobra.Command {
	o := &listenOptions{}
	cmd := &cobra.Command{
		Use:   "listen [flags]",
		Short: "receive webhooks, keep them and forward them",
		Long: `Receive webhooks on a local port. Each request is kept on disk exactly as it was
sent before it is answered with a 2xx: body bytes, header names in their own
case and order.

Without a target every request is answered 200, or as --reply says. With
--forward-to it is sent on, and the sender gets the dev server's own answer: 502
when it cannot be reached, 504 when it is late. A path that ends in /~404 is
answered with that status.

Endpoints of hookctl.yaml (hookctl endpoint add) are targets too, each for the
events that it wants. They are sent to their URL as it is; to that of
--forward-to a request's path is appended. With --forward-to as well both get
what comes, and the sender gets the answer of --forward-to; --endpoint chooses
among the endpoints, and --endpoint none takes none.

With --reply as well the sender is answered at once. What was answered with a
2xx is delivered until the target acknowledges it, or until the policy of its
provider ends, with its waits, also by a later hookctl listen; hookctl attempts
list --deliveries shows what is pending. What nobody is known to have sent is
retried as Standard Webhooks does. Deliveries to a paused endpoint wait. A GET,
HEAD or OPTIONS brings no event: it is sent on once.

Who sent a request is known by --provider, by its path (/stripe, /stripe/...),
or by its headers and body. Its event is shown, and whether its signature holds:
+ it does, ! it does not, ? not checked. Secrets come from --secret, from
providers: in hookctl.yaml, or from hookctl secret.
` + secretRefHelp + `

A body whose provider has a catalog is held against its schema once the sender
is answered: v it is what the catalog says, x it is not, ~ its envelope is, and
no more is known of it. What the catalog does not know, such as a new property,
is said once; hookctl catalog drift lists it.

Handshakes, such as a challenge to be echoed, are answered as the provider wants
it, unless a target is there to answer. Profiles, catalogs, secrets and the
providers of hookctl.yaml are read again when they change.

With --strict a request of a provider whose secret is known is answered 401
unless its signature holds, and one whose body is not what the catalog says, or
says nothing that could be looked up there, 422. Events that the catalog does
not have are still taken, and so are bodies without an event where the profile
only assumes its place, as those of Svix and Clazar do: they are not checked,
which is said. So are requests that no provider is known for: --provider NAME
makes every request one of NAME's.`,
		Example: `  hookctl listen
  hookctl listen --forward-to http://localhost:3000/hooks
  hookctl listen --provider stripe --secret env:STRIPE_SECRET --forward-to 3000
  hookctl listen --forward-to 3000 --reply 200
  hookctl listen --endpoint orders --endpoint billing
  hookctl listen --reply-script '500,500,timeout(12s),200'
  hookctl listen --port 0 --ready-file ready --json`,
		GroupID: groupReceive,
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			o.settle(cmd.Flags())
			return runListen(cmd.Context(), a, o)
		},
	}
	addListenFlags(cmd.Flags(), o)
	return cmd
}

func newForward(a *app) *cobra.Command {
	o := &listenOptions{}
	cmd := &cobra.Command{
		Use:   "forward URL [flags]",
		Short: "the same as listen --forward-to URL",
		Long: `Receive webhooks on a local port, keep them, and forward them to URL: the same
as hookctl listen --forward-to URL, with the same flags.`,
		Example: `  hookctl forward http://localhost:3000/hooks
  hookctl forward http://localhost:3000 --port 4500 --header 'X-Tenant: acme'`,
		GroupID: groupReceive,
		Args:    exactArgs("the URL to forward to"),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.settle(cmd.Flags())
			o.forwardTo = append([]string{args[0]}, o.forwardTo...)
			return runListen(cmd.Context(), a, o)
		},
	}
	addListenFlags(cmd.Flags(), o)
	return cmd
}

// settle notes what only the set of given flags tells.
func (o *listenOptions) settle(flags *pflag.FlagSet) {
	for _, name := range []string{"reply", "reply-body", "reply-header", "reply-script"} {
		o.fixedReply = o.fixedReply || flags.Changed(name)
	}
	o.bothReplies = flags.Changed("reply") && flags.Changed("reply-script")
}

func addListenFlags(flags *pflag.FlagSet, o *listenOptions) {
	flags.Uint16Var(&o.port, "port", 4400, "local `PORT` to listen on; 0 takes a free one")
	flags.StringVar(&o.host, "host", "127.0.0.1", "`ADDRESS` to listen on; anything but loopback can be reached by others")
	flags.BoolVar(&o.tls, "tls", false, "speak HTTPS with a development certificate of hookctl's own")
	flags.StringVar(&o.tlsCert, "tls-cert", "", "speak HTTPS with the certificate in `FILE` (PEM)")
	flags.StringVar(&o.tlsKey, "tls-key", "", "the key of --tls-cert in `FILE` (PEM)")
	o.maxBody = 25 << 20
	flags.Var(&o.maxBody, "max-body", "largest body to accept, as `SIZE`; a larger one gets 413 and is not kept")
	flags.StringVar(&o.readyFile, "ready-file", "", "write the URL to `FILE` once requests are accepted")
	flags.IntVar(&o.keep, "keep", 0, "keep only the latest `N` captures; 0 keeps all")
	flags.Var(&o.keepFor, "keep-for", "keep captures only for `PERIOD`, such as 36h or 30d")

	flags.StringArrayVar(&o.forwardTo, "forward-to", nil, "send each request on to `URL`, its path appended; may be repeated")
	flags.StringArrayVar(&o.endpoints, "endpoint", nil, "send to the endpoint `NAME` of hookctl.yaml (default: to each of them; none: to no endpoint); may be repeated")
	flags.IntVar(&o.replyFrom, "reply-from", 1, "relay the answer of the `N`th --forward-to")
	flags.StringArrayVar(&o.events, "events", nil, "forward only requests whose event or path fits `GLOB`, such as 'order/*'; may be repeated")
	flags.Var(&o.header, "header", "set `'NAME: VALUE'` on forwarded requests; may be repeated")
	flags.BoolVar(&o.forwarded, "x-forwarded", false, "add X-Forwarded-For, -Host and -Proto to forwarded requests")
	flags.DurationVar(&o.dialTimeout, "dial-timeout", 5*time.Second, "longest wait for a connection to a target, as `DURATION`")
	flags.DurationVar(&o.headerTimeout, "header-timeout", 30*time.Second, "longest wait for a target's answer to begin, as `DURATION`")
	flags.DurationVar(&o.timeout, "timeout", 30*time.Second, "longest wait for a target's whole answer, as `DURATION`")
	flags.BoolVar(&o.insecure, "insecure", false, "accept any TLS certificate of a target")

	o.reply = 200
	flags.Var(&o.reply, "reply", "answer with `STATUS`")
	flags.StringVar(&o.replyBody, "reply-body", "", "answer with `TEXT`, or with the content of a file as @FILE")
	flags.Var(&o.replyHeader, "reply-header", "add `'NAME: VALUE'` to the answer; may be repeated")
	flags.DurationVar(&o.replyDelay, "reply-delay", 0, "wait `DURATION` before each answer of hookctl's own")
	flags.Var(&o.replyScript, "reply-script", "answer with `STEPS` in turn, the last repeating: '500,timeout(12s),200'; also reset, 429(retry-after=90s) and 200(20s)")

	o.providerOptions.flags(flags, "verify")
	flags.BoolVar(&o.strict, "strict", false, "answer 401 to what is not signed as it must be, 422 to bodies that are not what the catalog says, and forward neither")
	markPath(flags, "tls-cert", "tls-key", "ready-file")
}
