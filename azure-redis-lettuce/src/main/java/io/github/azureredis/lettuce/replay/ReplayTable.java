/*
 * Copyright 2026-present the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.github.azureredis.lettuce.replay;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.RedisCommand;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Table of the commands that do no harm if they run twice. The names are those of Redis
 * up to 8.4 and of the modules of Azure Managed Redis. What a command does is taken from
 * the <a href="https://redis.io/docs/latest/commands/">documentation of Redis</a>.
 * <p>
 * A command is idempotent if the data after the second run is what it was after the
 * first, and the reply to the second run does not deny what the first has done where that
 * is the purpose of the command. A reply that counts what has changed may be lower.
 */
final class ReplayTable {

	private static final Logger logger = LoggerFactory.getLogger(ReplayTable.class);

	private static final String ROWS = """
			ACL | no | depends on the subcommand, and this one is not known
			ACL CAT | yes | reads
			ACL DELUSER | no | administers the server
			ACL DRYRUN | yes | reads
			ACL GENPASS | yes | reads
			ACL GETUSER | yes | reads
			ACL HELP | yes | reads
			ACL LIST | yes | reads
			ACL LOAD | no | administers the server
			ACL LOG | yes | reads
			ACL SAVE | no | administers the server
			ACL SETUSER | no | administers the server
			ACL USERS | yes | reads
			ACL WHOAMI | yes | reads
			APPEND | no | adds once more
			ARCOUNT | yes | reads
			ARDEL | yes | removes the same; the number in the reply may be lower
			ARDELRANGE | yes | removes the same; the number in the reply may be lower
			ARGET | yes | reads
			ARGETRANGE | yes | reads
			ARGREP | yes | reads
			ARINFO | yes | reads
			ARINSERT | no | adds an element once more
			ARLASTITEMS | yes | reads
			ARLEN | yes | reads
			ARMGET | yes | reads
			ARMSET | yes | sets the same value
			ARNEXT | yes | reads
			AROP | yes | reads
			ARRING | no | adds an element once more
			ARSCAN | yes | reads
			ARSEEK | yes | sets the same value
			ARSET | yes | sets the same value
			ASKING | yes | belongs to the connection, and is needed on the next one
			AUTH | yes | belongs to the connection, and is needed on the next one
			AUTH2 | yes | belongs to the connection, and is needed on the next one
			BGREWRITEAOF | no | administers the server
			BGSAVE | no | administers the server
			BITCOUNT | yes | reads
			BITFIELD | yes unless 2+ SET INCRBY | reads, or changes bits and replies what they were or are
			BITFIELD_RO | yes | reads
			BITOP | no | changes bits once more if the destination is a source
			BITPOS | yes | reads
			BLMOVE | no | takes another element, and that of the first run is lost
			BLMOVEM | no | takes another element, and that of the first run is lost
			BLMPOP | no | takes another element, and that of the first run is lost
			BLPOP | no | takes another element, and that of the first run is lost
			BRPOP | no | takes another element, and that of the first run is lost
			BRPOPLPUSH | no | takes another element, and that of the first run is lost
			BZMPOP | no | takes another element, and that of the first run is lost
			BZPOPMAX | no | takes another element, and that of the first run is lost
			BZPOPMIN | no | takes another element, and that of the first run is lost
			CLIENT | no | depends on the subcommand, and this one is not known
			CLIENT CACHING | yes | belongs to the connection, and is needed on the next one
			CLIENT GETNAME | yes | reads
			CLIENT GETREDIR | yes | reads
			CLIENT HELP | yes | reads
			CLIENT ID | yes | reads
			CLIENT INFO | yes | reads
			CLIENT KILL | no | ends what runs by then
			CLIENT LIST | yes | reads
			CLIENT MAINT_NOTIFICATIONS | yes | belongs to the connection, and is needed on the next one
			CLIENT NO-EVICT | yes | belongs to the connection, and is needed on the next one
			CLIENT NO-TOUCH | yes | belongs to the connection, and is needed on the next one
			CLIENT PAUSE | no | lasts longer with each run
			CLIENT REPLY | no | would leave replies out on the next connection
			CLIENT SETINFO | yes | belongs to the connection, and is needed on the next one
			CLIENT SETNAME | yes | belongs to the connection, and is needed on the next one
			CLIENT TRACKING | yes | belongs to the connection, and is needed on the next one
			CLIENT TRACKINGINFO | yes | reads
			CLIENT UNBLOCK | no | ends what runs by then
			CLIENT UNPAUSE | yes | ends the pause
			CLUSTER | no | depends on the subcommand, and this one is not known
			CLUSTER ADDSLOTS | no | administers the server
			CLUSTER ADDSLOTSRANGE | no | administers the server
			CLUSTER BUMPEPOCH | no | administers the server
			CLUSTER COUNT-FAILURE-REPORTS | yes | reads
			CLUSTER COUNTKEYSINSLOT | yes | reads
			CLUSTER DELSLOTS | no | administers the server
			CLUSTER DELSLOTSRANGE | no | administers the server
			CLUSTER FAILOVER | no | administers the server
			CLUSTER FLUSHSLOTS | no | removes what has been written since
			CLUSTER FORGET | no | administers the server
			CLUSTER GETKEYSINSLOT | yes | reads
			CLUSTER HELP | yes | reads
			CLUSTER INFO | yes | reads
			CLUSTER KEYSLOT | yes | reads
			CLUSTER LINKS | yes | reads
			CLUSTER MEET | no | administers the server
			CLUSTER MIGRATION | no | administers the server
			CLUSTER MYID | yes | reads
			CLUSTER MYSHARDID | yes | reads
			CLUSTER NODES | yes | reads
			CLUSTER REPLICAS | yes | reads
			CLUSTER REPLICATE | no | administers the server
			CLUSTER RESET | no | administers the server
			CLUSTER SAVECONFIG | no | administers the server
			CLUSTER SET-CONFIG-EPOCH | no | administers the server
			CLUSTER SETSLOT | no | administers the server
			CLUSTER SHARDS | yes | reads
			CLUSTER SLAVES | yes | reads
			CLUSTER SLOT-STATS | yes | reads
			CLUSTER SLOTS | yes | reads
			CLUSTER SYNCSLOTS | no | administers the server
			COMMAND | yes | reads
			COMMAND COUNT | yes | reads
			COMMAND DOCS | yes | reads
			COMMAND GETKEYS | yes | reads
			COMMAND GETKEYSANDFLAGS | yes | reads
			COMMAND HELP | yes | reads
			COMMAND INFO | yes | reads
			COMMAND LIST | yes | reads
			CONFIG | no | depends on the subcommand, and this one is not known
			CONFIG GET | yes | reads
			CONFIG HELP | yes | reads
			CONFIG RESETSTAT | no | administers the server
			CONFIG REWRITE | no | administers the server
			CONFIG SET | no | administers the server
			COPY | yes only with 3+ REPLACE | stores the same; without this option the second run finds the first one's
			DBSIZE | yes | reads
			DEBUG | no | administers the server
			DECR | no | adds once more
			DECRBY | no | adds once more
			DEL | yes | removes the same; the number in the reply may be lower
			DELEX | no | tells whether it was the first, which the second run is not
			DIGEST | yes | reads
			DISCARD | no | a transaction ends with its connection; only the whole of it could be sent again
			DUMP | yes | reads
			ECHO | yes | reads
			EVAL | no | may do anything
			EVALSHA | no | may do anything
			EVALSHA_RO | yes | reads
			EVAL_RO | yes | reads
			EXEC | no | a transaction ends with its connection; only the whole of it could be sent again
			EXISTS | yes | reads
			EXPIRE | yes | sets the same expiry, or one that begins with the second run; with an option such as NX the reply may be another
			EXPIREAT | yes | sets the same expiry, or one that begins with the second run; with an option such as NX the reply may be another
			EXPIRETIME | yes | reads
			FAILOVER | no | administers the server
			FCALL | no | may do anything
			FCALL_RO | yes | reads
			FLUSHALL | no | removes what has been written since
			FLUSHDB | no | removes what has been written since
			FUNCTION | no | depends on the subcommand, and this one is not known
			FUNCTION DELETE | no | finds in the second run nothing to remove, and fails
			FUNCTION DUMP | yes | reads
			FUNCTION FLUSH | no | removes what has been written since
			FUNCTION HELP | yes | reads
			FUNCTION KILL | no | ends what runs by then
			FUNCTION LIST | yes | reads
			FUNCTION LOAD | yes only with 2+ REPLACE | loads the same library; without this option the second run fails
			FUNCTION RESTORE | yes only with 3+ REPLACE FLUSH | loads the same libraries; without these options the second run fails
			FUNCTION STATS | yes | reads
			GEOADD | yes | sets the same value; the number of new ones in the reply may be lower
			GEODECODE | yes | reads
			GEODIST | yes | reads
			GEOENCODE | yes | reads
			GEOHASH | yes | reads
			GEOPOS | yes | reads
			GEORADIUS | yes unless 5+ STORE STOREDIST | reads, or stores a part of a part if the destination is the source
			GEORADIUSBYMEMBER | yes unless 5+ STORE STOREDIST | reads, or stores a part of a part if the destination is the source
			GEORADIUSBYMEMBER_RO | yes | reads
			GEORADIUS_RO | yes | reads
			GEOSEARCH | yes | reads
			GEOSEARCHSTORE | no | takes a part of a part, or of distances, if the destination is the source
			GET | yes | reads
			GETBIT | yes | reads
			GETDEL | no | replies the old value, which the second run does not find
			GETEX | yes | reads, and sets an expiry that may begin with the second run
			GETRANGE | yes | reads
			GETSET | no | replies the old value, which the second run does not find
			HDEL | yes | removes the same; the number in the reply may be lower
			HELLO | yes | belongs to the connection, and is needed on the next one
			HEXISTS | yes | reads
			HEXPIRE | yes | sets the same expiry, or one that begins with the second run; with an option such as NX the reply may be another
			HEXPIREAT | yes | sets the same expiry, or one that begins with the second run; with an option such as NX the reply may be another
			HEXPIRETIME | yes | reads
			HGET | yes | reads
			HGETALL | yes | reads
			HGETDEL | no | replies the old value, which the second run does not find
			HGETEX | yes | reads, and sets an expiry that may begin with the second run
			HIMPORT | no | depends on its place in a sequence
			HINCRBY | no | adds once more
			HINCRBYFLOAT | no | adds once more
			HKEYS | yes | reads
			HLEN | yes | reads
			HMGET | yes | reads
			HMSET | yes | sets the same value
			HOST: | no | is no command; the server closes the connection of a browser that sends it
			HOTKEYS | no | depends on the subcommand, and this one is not known
			HOTKEYS GET | yes | reads
			HOTKEYS RESET | no | administers the server
			HOTKEYS START | no | administers the server
			HOTKEYS STOP | no | administers the server
			HPERSIST | yes | removes the expiry; the reply tells that there is none any more
			HPEXPIRE | yes | sets the same expiry, or one that begins with the second run; with an option such as NX the reply may be another
			HPEXPIREAT | yes | sets the same expiry, or one that begins with the second run; with an option such as NX the reply may be another
			HPEXPIRETIME | yes | reads
			HPTTL | yes | reads
			HRANDFIELD | yes | reads
			HSCAN | yes | reads
			HSET | yes | sets the same value; the number of new ones in the reply may be lower
			HSETEX | yes unless 2+ FNX | sets the same values; the reply with this option tells what the first run did
			HSETNX | no | tells whether it was the first, which the second run is not
			HSTRLEN | yes | reads
			HTTL | yes | reads
			HVALS | yes | reads
			INCR | no | adds once more
			INCRBY | no | adds once more
			INCRBYFLOAT | no | adds once more
			INCREX | no | adds once more
			INFO | yes | reads
			KEYS | yes | reads
			LASTSAVE | yes | reads
			LATENCY | no | depends on the subcommand, and this one is not known
			LATENCY DOCTOR | yes | reads
			LATENCY GRAPH | yes | reads
			LATENCY HELP | yes | reads
			LATENCY HISTOGRAM | yes | reads
			LATENCY HISTORY | yes | reads
			LATENCY LATEST | yes | reads
			LATENCY RESET | no | administers the server
			LCS | yes | reads
			LINDEX | yes | reads
			LINSERT | no | adds an element once more
			LLEN | yes | reads
			LMOVE | no | takes another element, and that of the first run is lost
			LMOVEM | no | takes another element, and that of the first run is lost
			LMPOP | no | takes another element, and that of the first run is lost
			LOLWUT | yes | reads
			LPOP | no | takes another element, and that of the first run is lost
			LPOS | yes | reads
			LPUSH | no | adds an element once more
			LPUSHX | no | adds an element once more
			LRANGE | yes | reads
			LREM | no | removes other elements
			LSET | yes | sets the same value
			LTRIM | no | removes other elements
			MEMORY | no | depends on the subcommand, and this one is not known
			MEMORY DOCTOR | yes | reads
			MEMORY HELP | yes | reads
			MEMORY MALLOC-STATS | yes | reads
			MEMORY PURGE | no | administers the server
			MEMORY STATS | yes | reads
			MEMORY USAGE | yes | reads
			MGET | yes | reads
			MIGRATE | no | finds no key in the second run
			MODULE | no | depends on the subcommand, and this one is not known
			MODULE HELP | yes | reads
			MODULE LIST | yes | reads
			MODULE LOAD | no | administers the server
			MODULE LOADEX | no | administers the server
			MODULE UNLOAD | no | administers the server
			MONITOR | no | would turn the next connection into a stream of commands
			MOVE | no | tells whether it was the first, which the second run is not
			MSET | yes | sets the same value
			MSETEX | yes unless 4+ NX | sets the same values; the reply with this option tells what the first run did
			MSETNX | no | tells whether it was the first, which the second run is not
			MULTI | no | a transaction ends with its connection; only the whole of it could be sent again
			MYID | yes | reads
			MYSHARDID | yes | reads
			OBJECT | no | depends on the subcommand, and this one is not known
			OBJECT ENCODING | yes | reads
			OBJECT FREQ | yes | reads
			OBJECT HELP | yes | reads
			OBJECT IDLETIME | yes | reads
			OBJECT REFCOUNT | yes | reads
			PERSIST | yes | removes the expiry; the reply tells that there is none any more
			PEXPIRE | yes | sets the same expiry, or one that begins with the second run; with an option such as NX the reply may be another
			PEXPIREAT | yes | sets the same expiry, or one that begins with the second run; with an option such as NX the reply may be another
			PEXPIRETIME | yes | reads
			PFADD | yes | sets the same value; the number of new ones in the reply may be lower
			PFCOUNT | yes | reads
			PFDEBUG | no | administers the server
			PFMERGE | yes | stores the same elements, even if the destination is a source
			PFSELFTEST | no | administers the server
			PING | yes | reads
			POST | no | is no command; the server closes the connection of a browser that sends it
			PSETEX | yes | sets the same value
			PSUBSCRIBE | yes | belongs to the connection, and subscribing twice is subscribing once
			PSYNC | no | administers the server
			PTTL | yes | reads
			PUBLISH | no | delivers the message twice
			PUBSUB | no | depends on the subcommand, and this one is not known
			PUBSUB CHANNELS | yes | reads
			PUBSUB HELP | yes | reads
			PUBSUB NUMPAT | yes | reads
			PUBSUB NUMSUB | yes | reads
			PUBSUB SHARDCHANNELS | yes | reads
			PUBSUB SHARDNUMSUB | yes | reads
			PUNSUBSCRIBE | yes | belongs to the connection, and subscribing twice is subscribing once
			QUIT | no | would end or reset the next connection
			RANDOMKEY | yes | reads
			READONLY | yes | belongs to the connection, and is needed on the next one
			READWRITE | yes | belongs to the connection, and is needed on the next one
			RENAME | no | finds no key in the second run, and fails
			RENAMENX | no | tells whether it was the first, which the second run is not
			REPLCONF | no | administers the server
			REPLICAOF | no | administers the server
			RESET | no | would end or reset the next connection
			RESTORE | yes only with 3+ REPLACE | stores the same; without this option the second run finds the first one's
			RESTORE-ASKING | no | administers the server
			ROLE | yes | reads
			RPOP | no | takes another element, and that of the first run is lost
			RPOPLPUSH | no | takes another element, and that of the first run is lost
			RPUSH | no | adds an element once more
			RPUSHX | no | adds an element once more
			SADD | yes | sets the same value; the number of new ones in the reply may be lower
			SAVE | no | administers the server
			SCAN | yes | reads
			SCARD | yes | reads
			SCRIPT | no | depends on the subcommand, and this one is not known
			SCRIPT DEBUG | no | administers the server
			SCRIPT EXISTS | yes | reads
			SCRIPT FLUSH | yes | removes what can be loaded again
			SCRIPT HELP | yes | reads
			SCRIPT KILL | no | ends what runs by then
			SCRIPT LOAD | yes | loads the same script
			SDIFF | yes | reads
			SDIFFCARD | yes | reads
			SDIFFSTORE | yes | stores the same elements, even if the destination is a source
			SELECT | yes | belongs to the connection, and is needed on the next one
			SENTINEL | no | administers Sentinel, which Azure does not have
			SET | yes unless 3+ NX GET IFEQ IFNE IFDEQ IFDNE | sets the same value; the reply with these options tells what the first run did
			SETBIT | yes | sets the same bit; the reply is the one that has been set already
			SETEX | yes | sets the same value
			SETNX | no | tells whether it was the first, which the second run is not
			SETRANGE | yes | sets the same value
			SFLUSH | no | removes what has been written since
			SHUTDOWN | no | administers the server
			SINTER | yes | reads
			SINTERCARD | yes | reads
			SINTERSTORE | yes | stores the same elements, even if the destination is a source
			SISMEMBER | yes | reads
			SLAVEOF | no | administers the server
			SLOWLOG | no | depends on the subcommand, and this one is not known
			SLOWLOG GET | yes | reads
			SLOWLOG HELP | yes | reads
			SLOWLOG LEN | yes | reads
			SLOWLOG RESET | no | administers the server
			SMEMBERS | yes | reads
			SMISMEMBER | yes | reads
			SMOVE | no | tells whether it was the first, which the second run is not
			SORT | yes unless 2+ STORE | reads, or stores a part of a part if the destination is the source
			SORT_RO | yes | reads
			SPOP | no | takes another element, and that of the first run is lost
			SPUBLISH | no | delivers the message twice
			SRANDMEMBER | yes | reads
			SREM | yes | removes the same; the number in the reply may be lower
			SSCAN | yes | reads
			SSUBSCRIBE | yes | belongs to the connection, and subscribing twice is subscribing once
			STRALGO | yes | reads
			STRLEN | yes | reads
			SUBSCRIBE | yes | belongs to the connection, and subscribing twice is subscribing once
			SUBSTR | yes | reads
			SUNION | yes | reads
			SUNIONCARD | yes | reads
			SUNIONSTORE | yes | stores the same elements, even if the destination is a source
			SUNSUBSCRIBE | yes | belongs to the connection, and subscribing twice is subscribing once
			SWAPDB | no | switches back
			SYNC | no | administers the server
			TIME | yes | reads
			TOUCH | yes | reads
			TRIMSLOTS | no | administers the server
			TTL | yes | reads
			TYPE | yes | reads
			UNLINK | yes | removes the same; the number in the reply may be lower
			UNSUBSCRIBE | yes | belongs to the connection, and subscribing twice is subscribing once
			UNWATCH | yes | nothing is watched on a new connection
			VADD | yes | sets the same vector; the reply may tell that it is not new
			VCARD | yes | reads
			VDIM | yes | reads
			VEMB | yes | reads
			VEMBRAW | yes | reads
			VGETATTR | yes | reads
			VINFO | yes | reads
			VISMEMBER | yes | reads
			VLINKS | yes | reads
			VLINKSWITHSCORES | yes | reads
			VRANDMEMBER | yes | reads
			VRANGE | yes | reads
			VREM | yes | removes the same; the number in the reply may be lower
			VSETATTR | yes | sets the same value
			VSIM | yes | reads
			VSIMWITHSCORES | yes | reads
			WAIT | no | counts replicas that have the writes of the lost connection, which the next one has not made
			WAITAOF | no | counts replicas that have the writes of the lost connection, which the next one has not made
			WATCH | yes | watches from the second run on, before the commands that follow
			XACK | yes | removes the same; the number in the reply may be lower
			XACKDEL | yes | removes the same; the number in the reply may be lower
			XADD | no | adds an element once more
			XAUTOCLAIM | no | gives messages to a consumer and counts that, and finds nothing in the second run
			XCFGSET | yes | sets the same value
			XCLAIM | no | gives messages to a consumer and counts that, and finds nothing in the second run
			XDEL | yes | removes the same; the number in the reply may be lower
			XDELEX | yes | removes the same; the number in the reply may be lower
			XGROUP | no | depends on the subcommand, and this one is not known
			XGROUP CREATE | no | finds in the second run what the first one has created, and fails
			XGROUP CREATECONSUMER | yes | creates it if there is none; the reply may tell that there is
			XGROUP DELCONSUMER | yes | removes the same; the number in the reply may be lower
			XGROUP DESTROY | yes | removes the same; the number in the reply may be lower
			XGROUP HELP | yes | reads
			XGROUP SETID | yes | sets the same
			XINFO | no | depends on the subcommand, and this one is not known
			XINFO CONSUMERS | yes | reads
			XINFO GROUPS | yes | reads
			XINFO HELP | yes | reads
			XINFO STREAM | yes | reads
			XLEN | yes | reads
			XNACK | no | counts deliveries once more
			XPENDING | yes | reads
			XRANGE | yes | reads
			XREAD | yes | reads; entries that arrive before the second run are not seen by one that begins with $
			XREADGROUP | yes unless 4+ NOACK > | reads what is pending; with > it delivers the next entries, and those of the first run stay pending; with NOACK they are lost
			XREVRANGE | yes | reads
			XSETID | yes | sets the same value
			XTRIM | yes | removes the same; the number in the reply may be lower
			ZADD | yes unless 2+ INCR | sets the same scores, or adds once more; the number of new ones in the reply may be lower
			ZCARD | yes | reads
			ZCOUNT | yes | reads
			ZDIFF | yes | reads
			ZDIFFSTORE | yes | stores the same elements, even if the destination is a source
			ZINCRBY | no | adds once more
			ZINTER | yes | reads
			ZINTERCARD | yes | reads
			ZINTERSTORE | no | counts once more if the destination is a source
			ZLEXCOUNT | yes | reads
			ZMPOP | no | takes another element, and that of the first run is lost
			ZMSCORE | yes | reads
			ZPOPMAX | no | takes another element, and that of the first run is lost
			ZPOPMIN | no | takes another element, and that of the first run is lost
			ZRANDMEMBER | yes | reads
			ZRANGE | yes | reads
			ZRANGEBYLEX | yes | reads
			ZRANGEBYSCORE | yes | reads
			ZRANGESTORE | no | takes a part of a part if the destination is the source
			ZRANK | yes | reads
			ZREM | yes | removes the same; the number in the reply may be lower
			ZREMRANGEBYLEX | yes | removes the same; the number in the reply may be lower
			ZREMRANGEBYRANK | no | removes other elements
			ZREMRANGEBYSCORE | yes | removes the same; the number in the reply may be lower
			ZREVRANGE | yes | reads
			ZREVRANGEBYLEX | yes | reads
			ZREVRANGEBYSCORE | yes | reads
			ZREVRANK | yes | reads
			ZSCAN | yes | reads
			ZSCORE | yes | reads
			ZUNION | yes | reads
			ZUNIONSTORE | no | counts once more if the destination is a source
			BF.ADD | yes | adds the same; the reply may tell that it is there already
			BF.CARD | yes | reads
			BF.DEBUG | no | administers the server
			BF.EXISTS | yes | reads
			BF.INFO | yes | reads
			BF.INSERT | yes | adds the same; the reply may tell that it is there already
			BF.LOADCHUNK | no | depends on its place in a sequence
			BF.MADD | yes | adds the same; the reply may tell that it is there already
			BF.MEXISTS | yes | reads
			BF.RESERVE | no | finds in the second run what the first one has created, and fails
			BF.SCANDUMP | yes | reads
			CF.ADD | no | adds once more
			CF.ADDNX | no | tells whether it was the first, which the second run is not
			CF.COMPACT | no | administers the server
			CF.COUNT | yes | reads
			CF.DEBUG | no | administers the server
			CF.DEL | no | one of several equal ones is removed
			CF.EXISTS | yes | reads
			CF.INFO | yes | reads
			CF.INSERT | no | adds once more
			CF.INSERTNX | no | tells whether it was the first, which the second run is not
			CF.LOADCHUNK | no | depends on its place in a sequence
			CF.MEXISTS | yes | reads
			CF.RESERVE | no | finds in the second run what the first one has created, and fails
			CF.SCANDUMP | yes | reads
			CMS.INCRBY | no | adds once more
			CMS.INFO | yes | reads
			CMS.INITBYDIM | no | finds in the second run what the first one has created, and fails
			CMS.INITBYPROB | no | finds in the second run what the first one has created, and fails
			CMS.MERGE | no | counts once more if the destination is a source
			CMS.QUERY | yes | reads
			FT.ADD | no | finds in the second run what the first one has created, and fails
			FT.AGGREGATE | yes | reads
			FT.ALIASADD | no | finds in the second run what the first one has created, and fails
			FT.ALIASDEL | no | finds in the second run nothing to remove, and fails
			FT.ALIASLIST | yes | reads
			FT.ALIASUPDATE | yes | sets the same
			FT.ALTER | no | finds in the second run what the first one has created, and fails
			FT.CONFIG | no | changes the configuration of the server
			FT.CREATE | no | finds in the second run what the first one has created, and fails
			FT.CURSOR | no | moves the cursor on
			FT.DEL | no | is not documented any more
			FT.DICTADD | yes | sets the same
			FT.DICTDEL | yes | removes the same; the number in the reply may be lower
			FT.DICTDUMP | yes | reads
			FT.DROP | no | finds in the second run nothing to remove, and fails
			FT.DROPINDEX | no | finds in the second run nothing to remove, and fails
			FT.EXPLAIN | yes | reads
			FT.EXPLAINCLI | yes | reads
			FT.GET | yes | reads
			FT.HYBRID | yes | reads
			FT.INFO | yes | reads
			FT.MGET | yes | reads
			FT.PROFILE | yes | reads
			FT.SAFEADD | no | is not documented any more
			FT.SEARCH | yes | reads
			FT.SPELLCHECK | yes | reads
			FT.SUGADD | yes unless 4+ INCR | adds the same suggestion, or to its score
			FT.SUGDEL | yes | removes the same; the number in the reply may be lower
			FT.SUGGET | yes | reads
			FT.SUGLEN | yes | reads
			FT.SYNADD | no | is not documented any more
			FT.SYNDUMP | yes | reads
			FT.SYNUPDATE | yes | sets the same
			FT.TAGVALS | yes | reads
			FT._ALIASADDIFNX | yes | creates it if there is none; the reply may tell that there is
			FT._ALIASDELIFX | yes | removes it if it is there
			FT._ALTERIFNX | yes | creates it if there is none; the reply may tell that there is
			FT._CREATEIFNX | yes | creates it if there is none; the reply may tell that there is
			FT._DROPIFX | yes | removes it if it is there
			FT._DROPINDEXIFX | yes | removes it if it is there
			FT._LIST | yes | reads
			JSON.ARRAPPEND | no | adds an element once more
			JSON.ARRINDEX | yes | reads
			JSON.ARRINSERT | no | adds an element once more
			JSON.ARRLEN | yes | reads
			JSON.ARRPOP | no | takes another element, and that of the first run is lost
			JSON.ARRTRIM | no | removes other elements
			JSON.CLEAR | yes | removes the same; the number in the reply may be lower
			JSON.DEBUG | no | administers the server
			JSON.DEL | no | removes what a path such as $.a[0] leads to, which is another element in the second run
			JSON.FORGET | no | removes what a path such as $.a[0] leads to, which is another element in the second run
			JSON.GET | yes | reads
			JSON.MERGE | yes | sets the same value
			JSON.MGET | yes | reads
			JSON.MSET | yes | sets the same value
			JSON.NUMINCRBY | no | adds once more
			JSON.NUMMULTBY | no | multiplies once more
			JSON.NUMPOWBY | no | multiplies once more
			JSON.OBJKEYS | yes | reads
			JSON.OBJLEN | yes | reads
			JSON.RESP | yes | reads
			JSON.SET | yes unless 4+ NX | sets the same value; the reply with this option tells what the first run did
			JSON.STRAPPEND | no | adds once more
			JSON.STRLEN | yes | reads
			JSON.TOGGLE | no | switches back
			JSON.TYPE | yes | reads
			TDIGEST.ADD | no | adds once more
			TDIGEST.BYRANK | yes | reads
			TDIGEST.BYREVRANK | yes | reads
			TDIGEST.CDF | yes | reads
			TDIGEST.CREATE | no | finds in the second run what the first one has created, and fails
			TDIGEST.INFO | yes | reads
			TDIGEST.MAX | yes | reads
			TDIGEST.MERGE | no | counts once more if the destination is a source
			TDIGEST.MIN | yes | reads
			TDIGEST.QUANTILE | yes | reads
			TDIGEST.RANK | yes | reads
			TDIGEST.RESET | yes | sets the same
			TDIGEST.REVRANK | yes | reads
			TDIGEST.TRIMMED_MEAN | yes | reads
			TOPK.ADD | no | adds once more
			TOPK.COUNT | yes | reads
			TOPK.INCRBY | no | adds once more
			TOPK.INFO | yes | reads
			TOPK.LIST | yes | reads
			TOPK.QUERY | yes | reads
			TOPK.RESERVE | no | finds in the second run what the first one has created, and fails
			TS.ADD | no | by the policy for duplicates, a second sample may be an error or a sum
			TS.ALTER | yes | sets the same
			TS.CREATE | no | finds in the second run what the first one has created, and fails
			TS.CREATERULE | no | finds in the second run what the first one has created, and fails
			TS.DECRBY | no | adds once more
			TS.DEL | yes | removes the same; the number in the reply may be lower
			TS.DELETERULE | no | finds in the second run nothing to remove, and fails
			TS.GET | yes | reads
			TS.INCRBY | no | adds once more
			TS.INFO | yes | reads
			TS.MADD | no | by the policy for duplicates, a second sample may be an error or a sum
			TS.MGET | yes | reads
			TS.MRANGE | yes | reads
			TS.MREVRANGE | yes | reads
			TS.NRANGE | yes | reads
			TS.NREVRANGE | yes | reads
			TS.QUERYINDEX | yes | reads
			TS.QUERYLABELS | yes | reads
			TS.RANGE | yes | reads
			TS.READ | yes | reads; entries that arrive before the second run are not seen by one that begins with $
			TS.REVRANGE | yes | reads
			""";

	private static final Map<String, ReplayRule> RULES = ROWS.lines()
		.map(ReplayRule::parse)
		.collect(Collectors.toUnmodifiableMap(ReplayRule::command, Function.identity()));

	private static final Set<String> CONTAINERS = RULES.keySet()
		.stream()
		.filter((command) -> command.contains(" "))
		.map((command) -> command.substring(0, command.indexOf(' ')))
		.collect(Collectors.toUnmodifiableSet());

	private ReplayTable() {
	}

	static Map<String, ReplayRule> rules() {
		return RULES;
	}

	/**
	 * Return whether a command does no harm if it runs twice.
	 * @param command the command
	 * @return whether it is idempotent, {@code false} if it is not known
	 */
	static boolean isIdempotent(RedisCommand<?, ?, ?> command) {
		ReplayRule rule = RULES.get(name(command));
		if (rule == null) {
			return false;
		}
		CommandArgs<?, ?> args = command.getArgs();
		if (args == null || !rule.isDecidedByOptions(args.count())) {
			return rule.idempotent();
		}
		List<String> arguments = arguments(command);
		return arguments != null && rule.isIdempotent(arguments);
	}

	/**
	 * Return the name of a command.
	 * @param command the command
	 * @return the name in upper case, with the subcommand if there is a row for it
	 */
	static String name(RedisCommand<?, ?, ?> command) {
		String name = CommandWords.name(command);
		if (CONTAINERS.contains(name)) {
			List<String> arguments = arguments(command);
			String subcommand = (arguments == null || arguments.isEmpty()) ? name : name + " " + arguments.get(0);
			return RULES.containsKey(subcommand) ? subcommand : name;
		}
		return name;
	}

	/**
	 * The codec of the application encodes the arguments once more, which may fail.
	 */
	private static @Nullable List<String> arguments(RedisCommand<?, ?, ?> command) {
		try {
			return CommandWords.of(command).arguments();
		}
		catch (RuntimeException ex) {
			logger.debug("The arguments of {} cannot be read", command.getType(), ex);
			return null;
		}
	}

}
