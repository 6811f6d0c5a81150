"""Tokens that tell their vendor by a prefix: each a rule, all from one table.

Source: the vendors' documentation of their tokens; the choice of vendors follows gitleaks and
adds those of language models.
"""
# ruff: noqa: E501 (rows of a table)

from pipeline.pii.placeholders import entropy, is_placeholder
from pipeline.pii.rule import Match, Rule

LEAST_ENTROPY = 2.8
"""Bits a character. Measured: random tokens of 20 characters have 3.4 and more."""


def is_token(match: Match) -> bool:
    """Whether it begins at the border of a word and its characters look drawn at random."""
    before = match.before[-1:]
    if before.isascii() and (before.isalnum() or before == "_"):
        return False
    return entropy(match.value) >= LEAST_ENTROPY and not is_placeholder(match.value)


A = "[A-Za-z0-9]"
W = "[A-Za-z0-9_-]"
X = "[0-9a-f]"
TOKENS = {
    # clouds and hosting
    "aws_access_key": ("(?:AKIA|ASIA|ABIA|ACCA|A3T[A-Z0-9])", "[A-Z0-9]{16}", ""),
    "alibaba_access_key": ("LTAI", f"{A}{{12,20}}", ""),
    "tencent_secret_id": ("AKID", f"{A}{{32}}", ""),
    "google_api_key": ("AIza", f"{W}{{35}}", ""),
    "google_oauth_secret": ("GOCSPX-", f"{W}{{28}}", ""),
    "google_oauth_token": (r"ya29\.", f"{W}{{20,}}", ""),
    "azure_ad_secret": (f"{A}{{3}}[0-9]Q~", r"[A-Za-z0-9_~.-]{31,34}", "[0-9]Q~"),
    "digitalocean_token": ("do[opr]_v1_", f"{X}{{64}}", ""),
    "heroku_token": ("HRKU-", f"{W}{{32,}}", ""),
    "cloudflare_origin_key": (r"v1\.0-", f"{X}{{24}}-{X}{{60,}}", ""),
    "flyio_token": ("(?:FlyV1 |fo1_|fm[12][ar]?_)", r"[\w+/=,-]{40,}", ""),
    "vault_token": (r"hv[sbr]\.", f"{W}{{24,}}", ""),
    "terraform_token": (rf"{A}{{14}}\.atlasv1\.", f"{W}{{60,70}}", r"\.atlasv1\."),
    "pulumi_token": ("pul-", f"{X}{{40}}", f"pul-{X}{{8}}"),
    "doppler_token": (r"dp\.(?:pt|st|ct|sa|scim|audit)\.", r"[A-Za-z0-9._-]{40,}", ""),
    "databricks_token": ("dapi", f"{X}{{32}}(?:-[0-9])?", f"dapi{X}{{8}}"),
    "snyk_token": ("snyk_", f"{W}{{30,}}", ""),
    "infracost_key": ("ico-", f"{A}{{32}}", f"ico-{A}{{14}}"),
    "scaleway_key": ("SCW", "[A-Z0-9]{17}", ""),
    "linode_token": ("linode_", f"{A}{{40,}}", ""),
    "supabase_key": ("sb(?:p|_secret|_publishable)_", f"{W}{{20,}}", ""),
    "planetscale_token": ("pscale_(?:tkn|oauth|pw)_", r"[\w.=-]{32,}", ""),
    "neon_key": ("napi_", f"{A}{{40,}}", ""),
    "vercel_token": ("vc[pika]_", f"{A}{{24,}}", ""),
    "railway_netlify_token": ("nfp_", f"{A}{{36}}", ""),
    # code and packages
    "github_token": ("gh[pousr]_", f"{A}{{36,}}", ""),
    "github_fine_grained_token": ("github_pat_", r"\w{40,}", ""),
    "gitlab_token": ("gl(?:pat|ptt|oas|dt|rt|ft|soat|imt|agent|cbt)-", r"[\w.-]{20,}", ""),
    "bitbucket_atlassian_token": ("AT(?:ATT3|CTT3|BB)", r"[\w=+/-]{24,}", ""),
    "npm_token": ("npm_", f"{A}{{36}}", ""),
    "pypi_token": ("pypi-AgE", f"{W}{{40,}}", ""),
    "rubygems_token": ("rubygems_", f"{X}{{48}}", ""),
    "crates_token": ("cio", f"{A}{{32}}", f"cio{A}{{14}}"),
    "nuget_key": ("oy2", "[a-z0-9]{43}", "oy2[a-z0-9]{14}"),
    "clojars_token": ("CLOJARS_", "[a-z0-9]{60}", ""),
    "docker_token": ("dckr_(?:pat|oat)_", f"{W}{{27,}}", ""),
    "jfrog_token": ("AKCp", f"{A}{{64,}}", ""),
    "postman_key": ("PMAK-", f"{X}{{24}}-{X}{{34}}", ""),
    "sourcegraph_token": ("sg[ps]_", f"(?:{X}{{16}}_|local_)?{X}{{40}}", ""),
    "sonar_token": ("sq[upa]_", f"{X}{{40}}", ""),
    "readme_key": ("rdme_", "[a-z0-9]{70}", ""),
    "launchdarkly_key": ("(?:sdk|mob|api)-", f"{X}{{8}}-(?:{X}{{4}}-){{3}}{X}{{12}}", f"(?:sdk|mob|api)-{X}{{8}}-"),
    # chat and mail
    "slack_token": ("xox[abeoprs]-", f"(?:[0-9]{{1,2}}-)?{W}{{20,}}", ""),
    "slack_app_token": ("xapp-[0-9]-", f"{W}{{30,}}", ""),
    "slack_webhook": (r"hooks\.slack\.com/(?:services|workflows|triggers)/", r"[\w/+]{40,}", ""),
    "discord_webhook": (r"discord(?:app)?\.com/api/webhooks/", rf"[0-9]{{17,20}}/{W}{{60,}}", ""),
    "teams_webhook": (r"webhook\.office\.com/webhookb2/", r"[\w@/-]{60,}", ""),
    "discord_bot_token": (f"[MNO]{W}{{23,25}}\\.", rf"{W}{{6}}\.{W}{{27,40}}",
                          rf"\.{W}{{6}}\.{W}{{20}}"),
    "telegram_bot_token": ("[0-9]{8,10}:AA", f"{W}{{33}}", "[0-9]:AA"),
    "twilio_key": ("SK", f"{X}{{32}}", f"SK{X}{{6}}"),
    "twilio_account": ("AC", f"{X}{{32}}", f"AC{X}{{6}}"),
    "sendgrid_key": (r"SG\.", rf"{W}{{22}}\.{W}{{43}}", ""),
    "mailgun_key": ("(?:key|pubkey)-", f"{X}{{32}}", f"key-{X}{{6}}"),
    "mailchimp_key": (f"{X}{{32}}-us", "[0-9]{1,2}", f"{X}{{6}}-us[0-9]"),
    "brevo_key": ("x(?:keysib|smtpsib)-", f"{X}{{64}}-{A}{{16}}", ""),
    "resend_key": ("re_", f"{A}{{8}}_{A}{{20,}}", f"re_{A}{{8}}_{A}"),
    "zapier_hook": (r"hooks\.zapier\.com/hooks/catch/", r"[0-9]+/\w{5,}", ""),
    "facebook_token": ("EAA", f"{A}{{60,}}", f"EAA{A}{{12}}"),
    "twitter_bearer": ("AAAAAAAAAAAAAAAAAAAAA", r"[A-Za-z0-9%]{50,}", ""),
    "linkedin_secret": (r"WPL_AP1\.", r"[\w.=-]{16,}", ""),
    "dropbox_token": (r"sl\.(?:u\.)?", f"{W}{{100,}}", rf"sl\.(?:u\.)?{W}{{20}}"),
    # money
    "stripe_key": ("[srp]k_(?:live|test|prod)_", f"{A}{{16,}}", ""),
    "stripe_webhook_secret": ("whsec_", f"{A}{{24,}}", ""),
    "square_token": ("(?:sq0[a-z]{3}-|EAAA)", f"{W}{{22,}}", r"sq0[a-z]{3}-|EAAAE"),
    "shopify_token": ("shp(?:at|ca|pa|ss)_", "[0-9a-fA-F]{32}", ""),
    "paypal_braintree_token": (r"access_token\$(?:production|sandbox)\$", rf"[0-9a-z]{{16}}\${X}{{32}}", ""),
    "plaid_token": ("access-(?:sandbox|development|production)-", f"{X}{{8}}-(?:{X}{{4}}-){{3}}{X}{{12}}", ""),
    "razorpay_key": ("rzp_(?:live|test)_", f"{A}{{14}}", ""),
    "flutterwave_key": ("FLW(?:SECK|PUBK)(?:_TEST)?-", f"{A}{{12,}}(?:-X)?", ""),
    "easypost_key": ("EZ[AT]K", f"{A}{{54}}", ""),
    # work
    "notion_key": ("(?:ntn_|secret_)", f"{A}{{43,46}}", f"(?:ntn|secret)_{A}{{12}}"),
    "linear_key": ("lin_(?:api|oauth)_", f"{A}{{40}}", ""),
    "airtable_token": (f"pat{A}{{14}}\\.", f"{X}{{64}}", rf"pat{A}{{14}}\.{X}"),
    "asana_token": ("[0-9]/[0-9]{16}:", f"{X}{{32}}", f"[0-9]:{X}{{12}}"),
    "figma_token": ("fig[doru]+_", f"{W}{{40,}}", ""),
    "typeform_token": ("tfp_", r"[\w.=-]{40,}", ""),
    "frameio_token": ("fio-u-", f"{W}{{60,}}", ""),
    "hubspot_key": ("pat-(?:na|eu|ap)[0-9]-", f"{X}{{8}}-(?:{X}{{4}}-){{3}}{X}{{12}}", ""),
    "intra42_secret": ("s-s4t2(?:ud|af)-", f"{X}{{64}}", ""),
    "contentful_token": ("CFPAT-", f"{W}{{40,}}", ""),
    "okta_token": ("SSWS 00", f"{W}{{40}}", ""),
    "duffel_shippo_token": ("(?:duffel|shippo)_(?:test|live)_", f"{W}{{40,}}", ""),
    "mapbox_token": (r"[sp]k\.eyJ", rf"{W}{{40,}}\.{W}{{20,}}", ""),
    # watching
    "newrelic_key": ("NR(?:AK|JS|RA|AA|II|IQ)-", f"{A}{{19,}}", ""),
    "sentry_token": ("sntry[su]_", r"[\w+/=-]{40,}", ""),
    "sentry_dsn": (f"https://{X}{{32}}(?::{X}{{32}})?@", r"[\w.-]+/[0-9]+", f"{X}@[a-z0-9.]{{1,20}}sentry"),
    "grafana_token": ("gl(?:c|sa)_", r"[\w+/=]{32,}", ""),
    "dynatrace_token": (r"dt0[a-z][0-9]{2}\.", r"[A-Z0-9]{24}\.[A-Z0-9]{64}", ""),
    "prefect_token": ("pn[ub]_", f"{A}{{36}}", ""),
    "pagerduty_posthog_key": ("ph[cxs]_", f"{A}{{40,}}", ""),
    # age
    "age_secret_key": ("AGE-SECRET-KEY-1", "[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}", ""),
}  # fmt: skip
"""Id -> prefix, rest, and a gate where the prefix as it stands would be too common or too long."""


def vendor_rule(name: str, prefix: str, rest: str, gate: str) -> Rule:
    """A rule for one kind of token; the whole match is the secret."""
    return Rule(
        f"secret_{name}",
        "secret",
        gate or prefix,
        prefix + rest,
        check=is_token,
        score=0.99,
        cued=0.99,
        priority=60,
    )


RULES = tuple(vendor_rule(name, *shape) for name, shape in TOKENS.items())
