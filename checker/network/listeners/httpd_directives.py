"""Which directives Apache httpd 2.4 knows, and from which module: "Directive Index".

A directive whose module is not loaded is an error, and httpd ends.
"""

from __future__ import annotations

#: Arguments after which it says something and ends.
ENDS_AT_ONCE = frozenset(("-v", "-V", "-l", "-L", "-t", "-S", "-M", "-h"))

#: Directives of the core, of mod_so, of http_core and of the MPMs: there in every configuration.
ANYWHERE = frozenset(
    """acceptfilter accessfilename adddefaultcharset allowoverride allowoverridelist
    contentdigest coredumpdirectory defaultruntimedir define documentroot enablemmap enablesendfile
    error errordocument errorlog errorlogformat extendedstatus fileetag forcetype
    gracefulshutdowntimeout hostnamelookups httpprotocoloptions include includeoptional keepalive
    keepalivetimeout limitinternalrecursion limitrequestbody limitrequestfields
    limitrequestfieldsize limitrequestline listen listenbacklog loadfile loadmodule loglevel
    maxconnectionsperchild maxkeepaliverequests maxmemfree maxranges maxrequestworkers
    maxsparethreads mergeslashes mergetrailers minsparethreads mutex namevirtualhost options
    pidfile protocols protocolshonororder receivebuffersize regexdefaultoptions registerhttpmethod
    scoreboardfile sendbuffersize serveradmin serveralias serverlimit servername serverpath
    serverroot serversignature servertokens sethandler setinputfilter setoutputfilter
    startservers threadlimit threadsperchild threadstacksize timeout traceenable undefine
    usecanonicalname usecanonicalphysicalport""".split()  # noqa: SIM905  # a list of words
)

#: The module of each directive that learners use, apart from those of mod_ssl, which begin so.
OF_MODULES: dict[str, str] = {
    directive: f"{module}_module"
    for module, directives in {
        "unixd": "user group chrootdir suexec",
        "authz_core": "require authmerging authzproviderfailure",
        "access_compat": "order allow deny satisfy",
        "dir": "directoryindex directoryslash directorycheckhandler fallbackresource",
        "mime": "typesconfig addtype addhandler addencoding addlanguage addcharset addoutputfilter "
        "addinputfilter defaultlanguage removehandler removetype multiviewsmatch",
        "mime_magic": "mimemagicfile",
        "log_config": "logformat customlog transferlog globallog",
        "alias": "alias aliasmatch scriptalias scriptaliasmatch redirect redirectmatch "
        "redirectpermanent redirecttemp",
        "headers": "header requestheader",
        "env": "setenv passenv unsetenv",
        "setenvif": "setenvif setenvifnocase browsermatch browsermatchnocase",
        "rewrite": "rewriteengine rewriterule rewritecond rewritebase rewriteoptions rewritemap",
        "proxy": "proxypass proxypassreverse proxypassmatch proxypreservehost proxyrequests "
        "proxytimeout proxyvia proxybadheader proxyset proxyerroroverride balancermember noproxy",
        "autoindex": "indexoptions indexignore addicon addiconbytype addiconbyencoding defaulticon "
        "readmename headername indexorderdefault adddescription",
        "negotiation": "languagepriority forcelanguagepriority cachenegotiateddocs",
        "auth_basic": "authbasicprovider authbasicauthoritative",
        "authn_core": "authtype authname",
        "authn_file": "authuserfile",
        "deflate": "deflatecompressionlevel deflatefilternote",
        "expires": "expiresactive expiresbytype expiresdefault",
        "reqtimeout": "requestreadtimeout",
        "remoteip": "remoteipheader remoteipinternalproxy remoteiptrustedproxy",
        "filter": "addoutputfilterbytype filterchain filterdeclare filterprovider",
        "cgid": "scriptsock",
        "http2": "h2direct h2push h2upgrade",
        "status": "seerequesttail",
    }.items()
    for directive in directives.split()
}

#: Sections, and the module that they need; "" for the core's.
SECTIONS: dict[str, str] = {
    "<directory": "",
    "<directorymatch": "",
    "<files": "",
    "<filesmatch": "",
    "<location": "",
    "<locationmatch": "",
    "<virtualhost": "",
    "<ifmodule": "",
    "<ifdefine": "",
    "<if": "",
    "<elseif": "",
    "<else": "",
    "<limit": "",
    "<limitexcept": "",
    "<requireall": "authz_core_module",
    "<requireany": "authz_core_module",
    "<requirenone": "authz_core_module",
    "<proxy": "proxy_module",
    "<proxymatch": "proxy_module",
}

#: The modules that the official image has built; all of them can be loaded.
BUILT = frozenset(
    f"{name}_module"
    for name in """mpm_event mpm_worker mpm_prefork access_compat actions alias allowmethods asis
    auth_basic auth_digest auth_form authn_anon authn_core authn_dbd authn_dbm authn_file
    authn_socache authnz_fcgi authnz_ldap authz_core authz_dbd authz_dbm authz_groupfile authz_host
    authz_owner authz_user autoindex brotli buffer cache cache_disk cache_socache cgid charset_lite
    data dav dav_fs dav_lock dbd deflate dialup dir dumpio echo env expires ext_filter file_cache
    filter headers heartbeat heartmonitor http2 include info lbmethod_bybusyness
    lbmethod_byrequests lbmethod_bytraffic ldap log_config log_debug log_forensic logio lua macro
    md mime mime_magic negotiation proxy proxy_ajp proxy_balancer proxy_connect proxy_express
    proxy_fcgi proxy_fdpass proxy_ftp proxy_hcheck proxy_html proxy_http proxy_http2 proxy_scgi
    proxy_uwsgi proxy_wstunnel ratelimit reflector remoteip reqtimeout request rewrite sed session
    session_cookie session_crypto session_dbd setenvif slotmem_plain slotmem_shm socache_dbm
    socache_memcache socache_redis socache_shmcb speling ssl status substitute suexec unique_id
    unixd userdir usertrack version vhost_alias watchdog xml2enc""".split()  # noqa: SIM905
)

#: Those that the image's own configuration loads.
LOADED = frozenset(
    f"{name}_module"
    for name in """mpm_event authn_file authn_core authz_host authz_groupfile authz_user authz_core
    access_compat auth_basic reqtimeout filter mime log_config env headers setenvif version unixd
    status autoindex alias dir""".split()  # noqa: SIM905
)
