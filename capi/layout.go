// SPDX-License-Identifier: Apache-2.0

package main

/*
#include <shared.h>
*/
import "C"

import (
	"unsafe"

	"libws/core"
	"libws/core/border"
	"libws/core/loop"
)

// The structs that both languages read and write: a difference in size or in
// the place of a member does not compile.
var (
	_ [unsafe.Sizeof(C.wsx_block{})]byte   = [unsafe.Sizeof(border.Block{})]byte{}
	_ [unsafe.Sizeof(C.wsx_record{})]byte  = [unsafe.Sizeof(border.Record{})]byte{}
	_ [unsafe.Sizeof(C.wsx_detail{})]byte  = [unsafe.Sizeof(border.Detail{})]byte{}
	_ [unsafe.Sizeof(C.wsx_outbox{})]byte  = [unsafe.Sizeof(border.Outbox{})]byte{}
	_ [unsafe.Sizeof(C.wsx_meter{})]byte   = [unsafe.Sizeof(loop.Meter{})]byte{}
	_ [unsafe.Sizeof(C.wsx_segment{})]byte = [unsafe.Sizeof(border.Segment{})]byte{}

	_ [C.WSX_HEAD_MESSAGE]byte = [border.HeadMessage]byte{}
	_ [C.WSX_HEAD_PAIR]byte    = [border.HeadPair]byte{}

	_ [unsafe.Sizeof(C.wsx_lane{})]byte            = [unsafe.Sizeof(border.Lane{})]byte{}
	_ [unsafe.Offsetof(C.wsx_lane{}.epoch)]byte    = [unsafe.Offsetof(border.Lane{}.Epoch)]byte{}
	_ [unsafe.Offsetof(C.wsx_lane{}.messages)]byte = [unsafe.Offsetof(border.Lane{}.Messages)]byte{}
	_ [unsafe.Offsetof(C.wsx_lane{}.bytes)]byte    = [unsafe.Offsetof(border.Lane{}.Bytes)]byte{}
	_ [unsafe.Offsetof(C.wsx_lane{}.outbox)]byte   = [unsafe.Offsetof(border.Lane{}.Outbox)]byte{}
	_ [C.WSX_DIRECT_MAX]byte                       = [border.DirectMax]byte{}

	_ [C.WSX_OUT_DIRECT >> 48]byte        = [border.OutDirect >> 48]byte{}
	_ [C.WSX_OUT_SENDING >> 48]byte       = [border.OutSending >> 48]byte{}
	_ [C.WSX_OUT_HANDING >> 48]byte       = [border.OutHanding >> 48]byte{}
	_ [C.WSX_OUT_SPOKE >> 48]byte         = [border.OutSpoke >> 48]byte{}
	_ [C.WSX_OUT_DEFERRED >> 48]byte      = [border.OutDeferred >> 48]byte{}
	_ [C.WSX_OUT_GATHERED >> 48]byte      = [border.OutGathered >> 48]byte{}
	_ [C.WSX_OUT_SECURE >> 48]byte        = [border.OutSecure >> 48]byte{}
	_ [C.WSX_OUT_HELD_BY_QUEUE >> 48]byte = [border.OutHeldByQueue >> 48]byte{}

	_ [unsafe.Offsetof(C.wsx_block{}.limit)]byte  = [unsafe.Offsetof(border.Block{}.Limit)]byte{}
	_ [unsafe.Offsetof(C.wsx_block{}.state)]byte  = [unsafe.Offsetof(border.Block{}.ReadyState)]byte{}
	_ [unsafe.Offsetof(C.wsx_block{}.loop)]byte   = [unsafe.Offsetof(border.Block{}.Loop)]byte{}
	_ [unsafe.Offsetof(C.wsx_block{}.cork)]byte   = [unsafe.Offsetof(border.Block{}.Cork)]byte{}
	_ [unsafe.Offsetof(C.wsx_block{}.slot)]byte   = [unsafe.Offsetof(border.Block{}.Slot)]byte{}
	_ [unsafe.Offsetof(C.wsx_block{}.handle)]byte = [unsafe.Offsetof(border.Block{}.Handle)]byte{}

	_ [unsafe.Offsetof(C.wsx_record{}.message_type)]byte = [unsafe.Offsetof(border.Record{}.MessageType)]byte{}
	_ [unsafe.Offsetof(C.wsx_record{}.flags)]byte        = [unsafe.Offsetof(border.Record{}.Flags)]byte{}
	_ [unsafe.Offsetof(C.wsx_record{}.data)]byte         = [unsafe.Offsetof(border.Record{}.Data)]byte{}
	_ [unsafe.Offsetof(C.wsx_record{}.size)]byte         = [unsafe.Offsetof(border.Record{}.Size)]byte{}
	_ [unsafe.Offsetof(C.wsx_record{}.detail)]byte       = [unsafe.Offsetof(border.Record{}.Detail)]byte{}

	_ [unsafe.Offsetof(C.wsx_detail{}.user_data)]byte      = [unsafe.Offsetof(border.Detail{}.User)]byte{}
	_ [unsafe.Offsetof(C.wsx_detail{}.text)]byte           = [unsafe.Offsetof(border.Detail{}.Text)]byte{}
	_ [unsafe.Offsetof(C.wsx_detail{}.reason)]byte         = [unsafe.Offsetof(border.Detail{}.Reason)]byte{}
	_ [unsafe.Offsetof(C.wsx_detail{}.reason_size)]byte    = [unsafe.Offsetof(border.Detail{}.ReasonSize)]byte{}
	_ [unsafe.Offsetof(C.wsx_detail{}.protocol)]byte       = [unsafe.Offsetof(border.Detail{}.Protocol)]byte{}
	_ [unsafe.Offsetof(C.wsx_detail{}.method)]byte         = [unsafe.Offsetof(border.Detail{}.Method)]byte{}
	_ [unsafe.Offsetof(C.wsx_detail{}.target)]byte         = [unsafe.Offsetof(border.Detail{}.Target)]byte{}
	_ [unsafe.Offsetof(C.wsx_detail{}.body)]byte           = [unsafe.Offsetof(border.Detail{}.Body)]byte{}
	_ [unsafe.Offsetof(C.wsx_detail{}.body_size)]byte      = [unsafe.Offsetof(border.Detail{}.BodySize)]byte{}
	_ [unsafe.Offsetof(C.wsx_detail{}.round_trip_us)]byte  = [unsafe.Offsetof(border.Detail{}.RoundTrip)]byte{}
	_ [unsafe.Offsetof(C.wsx_detail{}.delay_ms)]byte       = [unsafe.Offsetof(border.Detail{}.Delay)]byte{}
	_ [unsafe.Offsetof(C.wsx_detail{}.token)]byte          = [unsafe.Offsetof(border.Detail{}.Token)]byte{}
	_ [unsafe.Offsetof(C.wsx_detail{}.scheme)]byte         = [unsafe.Offsetof(border.Detail{}.Scheme)]byte{}
	_ [unsafe.Offsetof(C.wsx_detail{}.attempt)]byte        = [unsafe.Offsetof(border.Detail{}.Attempt)]byte{}
	_ [unsafe.Offsetof(C.wsx_detail{}.will_reconnect)]byte = [unsafe.Offsetof(border.Detail{}.Reconnects)]byte{}
	_ [unsafe.Offsetof(C.wsx_detail{}.status)]byte         = [unsafe.Offsetof(border.Detail{}.Status)]byte{}
	_ [unsafe.Offsetof(C.wsx_detail{}.code)]byte           = [unsafe.Offsetof(border.Detail{}.Code)]byte{}
	_ [unsafe.Offsetof(C.wsx_detail{}.clean)]byte          = [unsafe.Offsetof(border.Detail{}.Clean)]byte{}
	_ [unsafe.Offsetof(C.wsx_detail{}.error)]byte          = [unsafe.Offsetof(border.Detail{}.Error)]byte{}
	_ [unsafe.Offsetof(C.wsx_detail{}.stage)]byte          = [unsafe.Offsetof(border.Detail{}.Stage)]byte{}
	_ [unsafe.Offsetof(C.wsx_detail{}.os_error)]byte       = [unsafe.Offsetof(border.Detail{}.OSError)]byte{}
	_ [unsafe.Offsetof(C.wsx_detail{}.operation)]byte      = [unsafe.Offsetof(border.Detail{}.Operation)]byte{}
	_ [unsafe.Offsetof(C.wsx_detail{}.pattern)]byte        = [unsafe.Offsetof(border.Detail{}.Pattern)]byte{}
	_ [unsafe.Offsetof(C.wsx_detail{}.message_type)]byte   = [unsafe.Offsetof(border.Detail{}.Message)]byte{}
	_ [unsafe.Offsetof(C.wsx_detail{}.skipped)]byte        = [unsafe.Offsetof(border.Detail{}.Skipped)]byte{}

	_ [unsafe.Offsetof(C.wsx_outbox{}.segments)]byte      = [unsafe.Offsetof(border.Outbox{}.Segments)]byte{}
	_ [unsafe.Offsetof(C.wsx_outbox{}.bytes_used)]byte    = [unsafe.Offsetof(border.Outbox{}.BytesUsed)]byte{}
	_ [unsafe.Offsetof(C.wsx_outbox{}.segments_used)]byte = [unsafe.Offsetof(border.Outbox{}.SegmentsUsed)]byte{}
	_ [unsafe.Offsetof(C.wsx_outbox{}.claimed)]byte       = [unsafe.Offsetof(border.Outbox{}.Claimed)]byte{}
	_ [unsafe.Offsetof(C.wsx_meter{}.budget)]byte         = [loop.MeterBudgetAt]byte{}
	_ [unsafe.Offsetof(C.wsx_meter{}.tight)]byte          = [loop.MeterTightAt]byte{}
	_ [unsafe.Offsetof(C.wsx_meter{}.low)]byte            = [loop.MeterLowAt]byte{}
	_ [unsafe.Offsetof(C.wsx_meter{}.waiting)]byte        = [loop.MeterWaitingAt]byte{}
	_ [unsafe.Offsetof(C.wsx_segment{}.size)]byte         = [unsafe.Offsetof(border.Segment{}.Size)]byte{}
	_ [unsafe.Offsetof(C.wsx_segment{}.slot)]byte         = [unsafe.Offsetof(border.Segment{}.Slot)]byte{}
	_ [unsafe.Offsetof(C.wsx_segment{}.next)]byte         = [unsafe.Offsetof(border.Segment{}.Next)]byte{}
	_ [unsafe.Offsetof(C.wsx_segment{}.head)]byte         = [unsafe.Offsetof(border.Segment{}.Head)]byte{}
)

// Numbers and bits that both languages name.
var (
	_ [C.WSX_REC_FINAL]byte    = [border.RecordFinal]byte{}
	_ [C.WSX_REC_HELD]byte     = [border.RecordHeld]byte{}
	_ [C.WSX_REC_FULL]byte     = [border.RecordFull]byte{}
	_ [C.WSX_REC_HEADROOM]byte = [border.RecordHeadroom]byte{}
	_ [C.WSX_REC_LOST]byte     = [border.RecordLost]byte{}
	_ [C.WSX_RESUMED]byte      = [border.EventResumed]byte{}
	_ [C.WSX_MARK]byte         = [border.EventMark]byte{}

	_ [C.WSX_LIFE_DEAD]byte     = [border.LifeKilled]byte{}
	_ [C.WSX_LIFE_PAUSED]byte   = [border.LifePaused]byte{}
	_ [C.WSX_LIFE_HELD]byte     = [border.LifeHeld]byte{}
	_ [C.WSX_LIFE_QUEUED]byte   = [border.LifeQueued]byte{}
	_ [C.WSX_LIFE_CUT]byte      = [border.LifeCut]byte{}
	_ [C.WSX_LIFE_PINGS]byte    = [border.LifePings]byte{}
	_ [C.WSX_LIFE_UPGRADES]byte = [border.LifeUpgrades]byte{}
	_ [C.WSX_LIFE_REQUESTS]byte = [border.LifeRequests]byte{}
	_ [C.WSX_LIFE_UNREAD]byte   = [border.LifeUnread]byte{}
	_ [C.WSX_LIFE_TOPICS]byte   = [border.LifeTopics]byte{}

	_ [C.WSX_OUT_OPEN >> 48]byte   = [border.OutOpen >> 48]byte{}
	_ [C.WSX_OUT_FAST >> 48]byte   = [border.OutFast >> 48]byte{}
	_ [C.WSX_OUT_CORKED >> 48]byte = [border.OutCorked >> 48]byte{}
	_ [C.WSX_OUT_QUEUED >> 48]byte = [border.OutQueued >> 48]byte{}
	_ [C.WSX_OUT_BYTES >> 32]byte  = [border.OutBytes >> 32]byte{}

	_ [C.WS_EVENT_OPEN]byte             = [border.EventOpen]byte{}
	_ [C.WS_EVENT_MESSAGE]byte          = [border.EventMessage]byte{}
	_ [C.WS_EVENT_CLOSE]byte            = [border.EventClose]byte{}
	_ [C.WS_EVENT_ERROR]byte            = [border.EventError]byte{}
	_ [C.WS_EVENT_DESTROYED]byte        = [border.EventDestroyed]byte{}
	_ [C.WS_EVENT_COMPLETION]byte       = [border.EventCompletion]byte{}
	_ [C.WS_EVENT_DRAIN]byte            = [border.EventDrain]byte{}
	_ [C.WS_EVENT_OPEN_INFO]byte        = [border.EventOpenInfo]byte{}
	_ [C.WS_EVENT_HEADER_RECEIVE]byte   = [border.EventHeaderReceive]byte{}
	_ [C.WS_EVENT_PING]byte             = [border.EventPing]byte{}
	_ [C.WS_EVENT_PONG]byte             = [border.EventPong]byte{}
	_ [C.WS_EVENT_RECONNECTING]byte     = [border.EventReconnecting]byte{}
	_ [C.WS_EVENT_UPGRADE]byte          = [border.EventUpgrade]byte{}
	_ [C.WS_EVENT_REQUEST]byte          = [border.EventRequest]byte{}
	_ [C.WS_EVENT_BEFORE_RECONNECT]byte = [border.EventBeforeReconnect]byte{}
	_ [C.WS_EVENT_VERIFY]byte           = [border.EventVerify]byte{}
	_ [C.WS_EVENT_SIGN]byte             = [border.EventSign]byte{}
	_ [C.WS_EVENT_TOPIC_BEGIN]byte      = [border.EventTopicBegin]byte{}
	_ [C.WS_EVENT_TOPIC_END]byte        = [border.EventTopicEnd]byte{}
	_ [C.WS_EVENT_SKIPPED]byte          = [border.EventSkipped]byte{}

	_ [C.WS_BY_TOPIC]byte   = [core.ByTopic]byte{}
	_ [C.WS_BY_PATTERN]byte = [core.ByPattern]byte{}

	_ [C.WS_OP_CONNECT]byte               = [border.OpConnect]byte{}
	_ [C.WS_OP_SEND]byte                  = [border.OpSend]byte{}
	_ [C.WS_OP_CLOSE]byte                 = [border.OpClose]byte{}
	_ [C.WS_OP_SERVER_START]byte          = [border.OpServerStart]byte{}
	_ [C.WS_OP_SERVER_STOP]byte           = [border.OpServerStop]byte{}
	_ [C.WS_OP_SERVER_STOP_LISTENING]byte = [border.OpServerStopListening]byte{}
)

// No bit of life has two meanings: the sum of all is what they are together, else the difference
// is negative, which no uint is.
const _ = uint(lifeTogether - lifeSum)

const (
	lifeOfC       = C.WSX_LIFE_OPENED | C.WSX_LIFE_RUNNING | C.WSX_LIFE_ENDS | C.WSX_LIFE_LABELLED
	lifeOfCSum    = C.WSX_LIFE_OPENED + C.WSX_LIFE_RUNNING + C.WSX_LIFE_ENDS + C.WSX_LIFE_LABELLED
	lifeOfBoth    = border.LifeKilled | border.LifePaused | border.LifeHeld | border.LifeQueued | border.LifeCut | border.LifePings | border.LifeUpgrades | border.LifeRequests | border.LifeTopics
	lifeOfBothSum = border.LifeKilled + border.LifePaused + border.LifeHeld + border.LifeQueued + border.LifeCut + border.LifePings + border.LifeUpgrades + border.LifeRequests + border.LifeTopics
	lifeOfCore    = border.LifeUnread | border.LifePostedPause | border.LifePostedDrain | border.LifePostedAbort | border.LifeRelief | border.LifeAsksUpgrades | border.LifeAsksRequests
	lifeOfCoreSum = border.LifeUnread + border.LifePostedPause + border.LifePostedDrain + border.LifePostedAbort + border.LifeRelief + border.LifeAsksUpgrades + border.LifeAsksRequests
	lifeTogether  = lifeOfC | lifeOfBoth | lifeOfCore
	lifeSum       = lifeOfCSum + lifeOfBothSum + lifeOfCoreSum
)
